"""Loads a model onto the engine that was asked for, importing no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.classifier.classifier import Classifier
from server.classifier.head import Head, NoHead, load_head

if TYPE_CHECKING:
    from pathlib import Path

    from server.classifier.card import ModelCard
    from server.classifier.engine import EngineName
    from server.classifier.tier import InferenceTier


def load_classifier(
    card: ModelCard,
    *,
    engine: EngineName,
    model_directory: Path,
    tier: InferenceTier | None = None,
) -> Classifier:
    """Return the model of ``card`` on ``engine``, ready to run.

    ``onnx`` reads what the export left below ``model_directory``; ``torch`` reads the installed
    package that brings the weights, or imports the operator's network; ``remote`` reads all of the
    export but the graph, and waits for a server of ``tier`` that runs that. Raises ``BuildError``.
    """
    if engine == "torch":
        return load_reference(card)
    if engine == "remote":
        if tier is None:
            raise ValueError("the engine `remote` needs a tier")
        return load_remote(card, model_directory, tier)
    return load_exported(card, model_directory)


def load_reference(card: ModelCard) -> Classifier:
    """Return the model of ``card`` run by PyTorch; raises ``BuildError``."""
    from server.classifier.reference import reference_of
    from server.classifier.torch_engine import TorchEngine

    network, head = reference_of(card)
    return Classifier(card, TorchEngine(network), head)


def load_exported(card: ModelCard, model_directory: Path) -> Classifier:
    """Return the model of ``card`` run by ONNX Runtime; raises ``ModelNotBuilt``."""
    from server.classifier.exported_model import BACKBONE_FILE, directory_of, read_verified
    from server.classifier.onnx_engine import OnnxEngine
    from server.classifier.tuned_graph import tuned_graph

    read_verified(card, model_directory)
    directory = directory_of(card, model_directory)
    engine = OnnxEngine(tuned_graph(directory / BACKBONE_FILE), card.output)
    return Classifier(card, engine, _exported_head(card, directory))


def load_remote(card: ModelCard, model_directory: Path, tier: InferenceTier) -> Classifier:
    """Return the model of ``card`` run by ``tier``, once that can; raises ``ModelNotBuilt``."""
    from server.classifier.exported_model import directory_of, read_verified
    from server.classifier.remote_engine import RemoteEngine
    from server.classifier.remote_model import remote_model

    manifest = read_verified(card, model_directory, with_graph=False)
    engine = RemoteEngine(remote_model(card, manifest, model_directory), tier)
    engine.wait_until_verified()
    return Classifier(card, engine, _exported_head(card, directory_of(card, model_directory)))


def _exported_head(card: ModelCard, directory: Path) -> Head | NoHead:
    return NoHead() if card.embedding_size is None else load_head(directory)
