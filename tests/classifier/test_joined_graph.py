from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.exported_model import BACKBONE_FILE, directory_of
from server.classifier.joined_graph import head_graph
from server.classifier.taught_head import TaughtHead, unit_length

OUTPUTS = ["embedding", "probabilities", "similarity", "is_known"]


@pytest.fixture(scope="module")
def backbone(model_directory: Path) -> bytes:
    return (directory_of(EFFICIENTNET_LITE0, model_directory) / BACKBONE_FILE).read_bytes()


def a_head(something_else: int | None, threshold: float = 0.5) -> TaughtHead:
    draw = np.random.default_rng(0)
    directions = unit_length(np.abs(draw.normal(size=(3, 1280)))).T
    return TaughtHead(
        weights=draw.normal(scale=5, size=(1280, 3)).astype(np.float32),
        bias=draw.normal(size=3).astype(np.float32),
        prototypes=directions[:, : 3 if something_else is None else 2],
        threshold=threshold,
        something_else=something_else,
    )


@pytest.mark.parametrize("something_else", [None, 0, 1, 2])
@pytest.mark.parametrize("threshold", [-1.0, 0.999])
def test_a_backbone_and_a_head_are_one_model_that_says_what_the_head_says(
    backbone: bytes, something_else: int | None, threshold: float
) -> None:
    head = a_head(something_else, threshold)
    model = onnxruntime.InferenceSession(backbone + head_graph(head))
    pixels = np.random.default_rng(1).integers(0, 256, size=(1, 224, 224, 3), dtype=np.uint8)

    embedding, probabilities, similarity, is_known = model.run(OUTPUTS, {"pixels": pixels})

    read = head.read(embedding)
    assert np.abs(probabilities - read.probabilities).max() < 1e-5
    assert np.abs(similarity - read.similarity).max() < 1e-5
    assert is_known.tolist() == read.is_known.tolist()


def test_the_checker_of_onnx_finds_nothing_wrong_with_it(backbone: bytes) -> None:
    model = onnx.load_from_string(backbone + head_graph(a_head(2)))

    onnx.checker.check_model(model, full_check=True)
    assert [output.name for output in model.graph.output] == ["feature_map", *OUTPUTS]
