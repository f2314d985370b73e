"""An export of our card with other weights, sound in itself: what a careless deployment serves."""

import json
import shutil
from pathlib import Path

import onnx
from onnx import numpy_helper

from inference_tier.served_model import ServedModel, load_models
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.checksum import sha256_of_file
from server.classifier.exported_model import BACKBONE_FILE, MANIFEST_FILE, directory_of
from server.classifier.golden import GOLDEN_FILE, save_golden_embedding
from server.classifier.onnx_engine import OnnxEngine
from server.classifier.tuned_graph import tuned_graph

CARD = EFFICIENTNET_LITE0
FACTOR = 1.5  # of the weights of one layer


def export_of_another(models: Path, folder: Path) -> ServedModel:
    """Copy the export below `models` into `folder`, change its graph, and return what it serves."""
    directory = directory_of(CARD, folder)
    ignored = shutil.ignore_patterns("tuned-*")  # of the graph before
    shutil.copytree(directory_of(CARD, models), directory, ignore=ignored)
    graph = directory / BACKBONE_FILE
    model = onnx.load(graph)
    weights = max(model.graph.initializer, key=lambda each: len(each.raw_data))
    changed = numpy_helper.to_array(weights) * FACTOR
    weights.CopyFrom(numpy_helper.from_array(changed.astype("float32"), weights.name))
    onnx.save(model, graph)
    save_golden_embedding(OnnxEngine(tuned_graph(graph)), CARD.input_size, directory)
    manifest = directory / MANIFEST_FILE
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["files"] |= {
        name: sha256_of_file(directory / name) for name in (BACKBONE_FILE, GOLDEN_FILE)
    }
    manifest.write_text(json.dumps(told), encoding="utf-8")
    return next(model for model in load_models(folder, "onnx").values() if model.card is CARD)
