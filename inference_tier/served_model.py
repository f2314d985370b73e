"""A model as the tier serves it: its export, proven, on an engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from server.classifier.card import ModelCard
from server.classifier.catalogue import read_catalogue
from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT, Engine
from server.classifier.exported_model import BACKBONE_FILE, Manifest, directory_of, read_verified
from server.classifier.golden import (
    MAX_DISTANCE,
    distance,
    golden_pixels,
    load_golden_embedding,
)

EngineHere = Literal["onnx", "torch"]
VERSION = "1"  # of the protocol's: the name says which graph it is


class AnswersOtherwise(Exception):
    """The engine of this machine does not compute what the export computed."""

    def __init__(self, name: str, apart: float) -> None:
        super().__init__(f"{name}: {apart:.3f} apart")


@dataclass(frozen=True, eq=False)
class ServedModel:
    """The graph of a card, ready to run; `engine` may be used by one thread at a time."""

    card: ModelCard
    manifest: Manifest
    engine: Engine

    @property
    def name(self) -> str:
        """What the model is called: another graph has another name."""
        return self.manifest.served_name

    @property
    def graph_sha256(self) -> str:
        """Which graph it is, told with every answer."""
        return self.manifest.files[BACKBONE_FILE]

    @property
    def outputs(self) -> dict[str, list[int]]:
        """The outputs by their names, and their shapes; -1 is the number of pictures."""
        size = self.card.output_size
        shapes = {self.card.output: [-1, size]}
        if self.card.has_feature_map:
            shapes[FEATURE_MAP_OUTPUT] = [-1, size, -1, -1]
        return shapes

    def run(
        self, pixels: npt.NDArray[np.uint8], *, with_map: bool
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Return the outputs for N pictures, `(N, side, side, 3) uint8`."""
        if not with_map:
            return {self.card.output: self.engine.embed(pixels)}
        features = self.engine.features(pixels)
        return {self.card.output: features.embedding, FEATURE_MAP_OUTPUT: features.feature_map}

    def described(self) -> dict[str, Any]:
        """Return the metadata that the protocol asks for."""
        side = self.card.input_size
        pixels = {"name": PIXELS_INPUT, "datatype": "UINT8", "shape": [-1, side, side, 3]}
        return {
            "name": self.name,
            "versions": [VERSION],
            "platform": "onnxruntime_onnx",
            "inputs": [pixels],
            "outputs": [
                {"name": name, "datatype": "FP32", "shape": shape}
                for name, shape in self.outputs.items()
            ],
            "parameters": {"graph_sha256": self.graph_sha256},
        }


def load_models(model_directory: Path, engine: EngineHere) -> dict[str, ServedModel]:
    """Return every exported model by its name, each seen to answer as it did when it was exported.

    Raises:
        BuildError: a file is missing or changed; or, for `torch`, the weights are.
        AnswersOtherwise: this machine computes something else.
    """
    models = [_load(card, model_directory, engine) for card in read_catalogue(model_directory)]
    return {model.name: model for model in models}


def _load(card: ModelCard, model_directory: Path, engine: EngineHere) -> ServedModel:
    manifest = read_verified(card, model_directory)
    directory = directory_of(card, model_directory)
    model = ServedModel(card, manifest, _engine(card, directory, engine))
    found = model.engine.embed(golden_pixels(card.input_size))[0]
    apart = distance(load_golden_embedding(directory), found)
    if not apart <= MAX_DISTANCE:  # NaN too
        raise AnswersOtherwise(model.name, apart)
    return model


def _engine(card: ModelCard, directory: Path, engine: EngineHere) -> Engine:
    if engine == "torch":
        from server.classifier.reference import reference_of
        from server.classifier.torch_engine import TorchEngine

        network, _ = reference_of(card)
        return TorchEngine(network)
    from server.classifier.onnx_engine import OnnxEngine
    from server.classifier.tuned_graph import tuned_graph

    return OnnxEngine(tuned_graph(directory / BACKBONE_FILE), card.output)
