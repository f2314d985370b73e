"""The models of an operator on an inference tier: all that lie in its folder, of whatever kind."""

from pathlib import Path

import numpy as np
import pytest

from inference_tier.served_model import load_models
from server.classifier.catalogue import read_catalogue
from server.classifier.loading import load_classifier
from server.classifier.tier import InferenceTier
from tests.support.inference_server import inference_server
from tests.support.networks import tiny
from tests.support.own_models import KINDS, TINY, exported_beside


@pytest.fixture(scope="module")
def folder(model_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    references = [f"{TINY}:{kind}" for kind in KINDS]
    return exported_beside(model_directory, tmp_path_factory.mktemp("models"), *references)


@pytest.mark.parametrize("tier_engine", ["onnx", "torch"])
def test_a_tier_serves_every_model_and_answers_as_the_graph_here(
    folder: Path, tier_engine: str
) -> None:
    models = load_models(folder, tier_engine)  # type: ignore[arg-type]
    assert [model.card.name for model in models.values()] == [
        card.name for card in read_catalogue(folder)
    ]
    with inference_server(models) as server:
        tier = InferenceTier(addresses=(server.url,), read_seconds=10)
        for card in read_catalogue(folder):
            here = load_classifier(card, engine="onnx", model_directory=folder)
            there = load_classifier(card, engine="remote", model_directory=folder, tier=tier)
            side = card.input_size
            pixels = np.full((side, side, 3), tiny.COLOURS["green"], np.uint8)
            ours, theirs = here.classify(pixels), there.classify(pixels)
            assert np.abs(ours.probabilities - theirs.probabilities).max() < 1e-4
            assert ours.embedding.shape == theirs.embedding.shape
            if card.has_feature_map:
                assert np.allclose(here.heat_map(pixels, 0), there.heat_map(pixels, 0), atol=1e-3)


def test_what_a_network_tells_is_what_the_tier_says_of_it(folder: Path) -> None:
    told = {
        model.card.name: [
            (output["name"], output["shape"]) for output in model.described()["outputs"]
        ]  # type: ignore[attr-defined]
        for model in load_models(folder, "onnx").values()
    }
    assert told == {
        "efficientnet-lite0": [("embedding", [-1, 1280]), ("feature_map", [-1, 1280, -1, -1])],
        "colours": [("embedding", [-1, 24]), ("feature_map", [-1, 24, -1, -1])],
        "colours-embedded": [("embedding", [-1, 24])],
        "colours-logits": [("logits", [-1, 3])],
    }
