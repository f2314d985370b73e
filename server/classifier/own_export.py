"""Export an operator's network beside the built-in one; what ``make model`` does first.

``python -m server.classifier.own_export package.module:card --out build/model``
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from server.classifier import agreement
from server.classifier.errors import (
    BuildError,
    ModelNotBuilt,
    NetworkWavers,
    NotExportable,
    VersionNotChanged,
)
from server.classifier.export import exported_already, put_in_place, write_files
from server.classifier.exported_model import BACKBONE_FILE, directory_of
from server.classifier.golden import distance, golden_pixels, load_golden_embedding
from server.classifier.graph import write_graph
from server.classifier.own_card import CARD_FILE, read_card, save_card
from server.classifier.own_network import find_own_network

if TYPE_CHECKING:
    from server.classifier.card import ModelCard
    from server.classifier.own_examination import Examined

SAME_ANSWERS = 1e-3  # as a share; another build of PyTorch is nearer, other weights are not


def export_own(reference: str, model_directory: Path) -> ModelCard:
    """Export the network that ``reference`` names, unless that is done; return its card.

    It takes the place of an earlier version of the same name, where one lies there. Raises
    ``BuildError``, and then nothing is written.
    """
    photos = agreement.read_photos()
    print(f"Loading PyTorch and {reference} ...", flush=True)
    own = find_own_network(reference)
    from server.classifier.own_examination import examine

    examined = examine(own, reference)
    card = examined.card
    if exported_already(card, model_directory) is None:
        with put_in_place(card, model_directory) as directory:
            save_card(card, directory)
            try:
                write_files(directory, card, examined.network, examined.head, photos)
                _require_steady(examined, directory)
            except BuildError:
                raise
            except Exception as error:
                # PyTorch's exporter and ONNX Runtime have errors of many kinds for what they can't.
                raise NotExportable(_first_line(error)) from error
            _require_version_changed(card, directory, model_directory)
    _remove_other_versions(card, model_directory)
    return card


def _require_steady(examined: Examined, directory: Path) -> None:
    """Raise where the graph answers otherwise when asked again, or is another when made again."""
    from server.classifier.onnx_engine import OnnxEngine

    card, graph = examined.card, directory / BACKBONE_FILE
    engine, pixels = OnnxEngine(graph, card.output), golden_pixels(card.input_size)
    apart = float(np.abs(engine.embed(pixels) - engine.embed(pixels)).max())
    if apart != 0:
        raise NetworkWavers("the same picture twice, by the graph", max_difference=apart)
    again = directory.with_name("again.onnx")
    write_graph(examined.network, card, again)
    if not filecmp.cmp(graph, again, shallow=False):
        raise NotExportable("another graph is made of it each time")


def _require_version_changed(card: ModelCard, made: Path, model_directory: Path) -> None:
    """Raise where one that answers otherwise was exported under the same name and version."""
    earlier = directory_of(card, model_directory)
    try:
        before = read_card(earlier / CARD_FILE)
        golden = load_golden_embedding(earlier)
    except (ModelNotBuilt, OSError, ValueError):
        return
    decides = ("weights_sha256", "labels", "input_size", "crop_fraction", "embedding_size")
    is_same = all(getattr(before, field) == getattr(card, field) for field in decides)
    if not is_same or not distance(golden, load_golden_embedding(made)) <= SAME_ANSWERS:
        raise VersionNotChanged(card.name, card.version)


def _remove_other_versions(card: ModelCard, model_directory: Path) -> None:
    """A name is served in one version: its other folders go, now that this one is there."""
    for path in model_directory.glob(f"{card.name}-*/{CARD_FILE}"):
        name, _, version = path.parent.name.rpartition("-")
        if name == card.name and version != card.version:
            shutil.rmtree(path.parent)
            print(f"{name} {version}, which was there before, is removed.", flush=True)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"


def main() -> int:
    """Run the export from the command line; return 1 when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m server.classifier.own_export")
    parser.add_argument("reference", help="the network's card, such as package.module:card")
    parser.add_argument("--out", type=Path, required=True, help="folder to export below")
    arguments = parser.parse_args()
    try:
        export_own(arguments.reference, arguments.out)
    except BuildError as error:
        print(f"Not exported: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
