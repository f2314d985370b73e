"""Compile the PyTorch network to the graph that serves: ``python -m server.classifier.export``.

The graph is written only if its answers on real photos agree with PyTorch's. Everything is made in
a temporary folder that is renamed at the end: an export that is killed leaves nothing half.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from server.classifier import agreement
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.checksum import sha256_of_file
from server.classifier.errors import BuildError, ModelNotBuilt
from server.classifier.exported_model import (
    BACKBONE_FILE,
    Manifest,
    directory_of,
    read_verified,
)
from server.classifier.golden import save_golden_embedding
from server.classifier.graph import write_graph
from server.classifier.head import Head, NoHead, load_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import nn

    from server.classifier.card import ModelCard, PublishedCard

# The modules that decide what is exported: a change in any of them calls for a new export.
SOURCES = ("network.py", "graph.py", "export.py", "head.py", "agreement.py", "golden.py")
ABANDONED_AFTER_SECONDS = 3600


def export(card: PublishedCard, model_directory: Path) -> Manifest:
    """Export the model of ``card`` below ``model_directory``, unless that is already done.

    Raises ``BuildError``: above all ``ExportDisagrees``, and then nothing is written.
    """
    manifest = exported_already(card, model_directory)
    if manifest is not None:
        return manifest
    with put_in_place(card, model_directory) as directory:
        # First, because it takes a moment and the rest takes seconds: a missing photo is told soon.
        photos = agreement.read_photos()
        print(f"Loading PyTorch and the weights of {card.name} {card.version} ...", flush=True)
        # PyTorch takes seconds to import, which an export that is already done need not wait for.
        from server.classifier.torch_engine import load_published_network, published_head

        network = load_published_network(card)
        return write_files(
            directory,
            card,
            network,
            published_head(network),
            photos,
            told=lambda: _tell_graph(card, directory),
        )


def exported_already(card: ModelCard, model_directory: Path) -> Manifest | None:
    """Return the manifest where this very model was exported by these very sources."""
    with contextlib.suppress(ModelNotBuilt):
        manifest = read_verified(card, model_directory)
        if manifest.sources_sha256 == _sources_sha256():
            print(f"{card.name} {card.version} is exported already.", flush=True)
            return manifest
    return None


@contextlib.contextmanager
def put_in_place(card: ModelCard, model_directory: Path) -> Iterator[Path]:
    """Give a folder to write the model of ``card`` into, which takes its place at the end."""
    model_directory.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(model_directory)
    temporary = Path(tempfile.mkdtemp(prefix=".export-", dir=model_directory))
    made = temporary / "model"
    made.mkdir()
    try:
        yield made
        _put_in_place(made, directory_of(card, model_directory), temporary)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_files(
    directory: Path,
    card: ModelCard,
    network: nn.Module,
    head: Head | NoHead,
    photos: Mapping[str, bytes],
    *,
    told: Callable[[], None] = lambda: None,
) -> Manifest:
    """Write the graph, the head and the manifest of a network that answers as these do.

    ``told`` is called once the graph is there. Raises ``ExportDisagrees``.
    """
    from server.classifier.classifier import Classifier
    from server.classifier.onnx_engine import OnnxEngine
    from server.classifier.torch_engine import TorchEngine

    started = time.monotonic()
    print("Exporting the graph ...", flush=True)
    write_graph(network, card, directory / BACKBONE_FILE)
    told()
    if isinstance(head, Head):
        head.save(directory)
    print(f"Comparing with PyTorch on {len(photos)} photos ...", flush=True)
    reference = Classifier(card, TorchEngine(network), head)
    engine = OnnxEngine(directory / BACKBONE_FILE, card.output)
    exported = Classifier(card, engine, load_head(directory) if isinstance(head, Head) else head)
    save_golden_embedding(engine, card.input_size, directory)
    manifest = Manifest(
        name=card.name,
        version=card.version,
        card_fingerprint=card.fingerprint,
        weights_sha256=card.weights_sha256,
        sources_sha256=_sources_sha256(),
        photos=len(photos),
        max_difference=agreement.measure_agreement(reference, exported, photos),
        files={path.name: sha256_of_file(path) for path in sorted(directory.iterdir())},
    )
    manifest.save(directory)
    print(
        f"Exported in {time.monotonic() - started:.0f} s; probabilities differ from PyTorch's by "
        f"at most {manifest.max_difference:.0e}.",
        flush=True,
    )
    return manifest


def _tell_graph(card: PublishedCard, directory: Path) -> None:
    if sha256_of_file(directory / BACKBONE_FILE) != card.graph_sha256:
        # As good where it agrees below; but other libraries, or another processor, made it.
        print("The graph is not the one that the card names, byte for byte.", flush=True)


def _sources_sha256() -> str:
    digest = hashlib.sha256()
    for file_name in SOURCES:
        digest.update((Path(__file__).parent / file_name).read_bytes())
    return digest.hexdigest()


def _remove_abandoned(model_directory: Path) -> None:
    """Remove the temporary folders of exports that were killed."""
    for folder in model_directory.glob(".export-*"):
        if time.time() - folder.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(made: Path, destination: Path, temporary: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        destination.rename(temporary / "previous")
    try:
        made.rename(destination)
    except OSError:
        # Another export finished between the two renames; what it made is as good.
        if not destination.is_dir():
            raise


def main() -> int:
    """Run the export from the command line; return 1 when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m server.classifier.export", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to export below")
    arguments = parser.parse_args()
    try:
        export(EFFICIENTNET_LITE0, arguments.out)
    except BuildError as error:
        print(f"Not exported: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
