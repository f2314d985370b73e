"""A replica with another graph than the manifest's does not start."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from inference_tier.served_model import AnswersOtherwise, load_models
from server.classifier.errors import ModelNotBuilt
from server.classifier.exported_model import BACKBONE_FILE, MANIFEST_FILE
from server.classifier.golden import GOLDEN_FILE

NAME = "efficientnet-lite0-2"


@pytest.fixture
def copy(model_directory: Path, tmp_path: Path) -> Path:
    shutil.copytree(model_directory / NAME, tmp_path / NAME)
    return tmp_path


def test_a_changed_graph_is_refused(copy: Path) -> None:
    with (copy / NAME / BACKBONE_FILE).open("ab") as graph:
        graph.write(b"\0")
    with pytest.raises(ModelNotBuilt):
        load_models(copy, "onnx")


def test_a_graph_that_answers_otherwise_than_when_it_was_exported_is_refused(copy: Path) -> None:
    golden = copy / NAME / GOLDEN_FILE
    np.save(golden, np.load(golden)[::-1])
    manifest = json.loads((copy / NAME / MANIFEST_FILE).read_text())
    manifest["files"][GOLDEN_FILE] = hashlib.sha256(golden.read_bytes()).hexdigest()
    (copy / NAME / MANIFEST_FILE).write_text(json.dumps(manifest))
    with pytest.raises(AnswersOtherwise):
        load_models(copy, "onnx")
