"""The files of an exported model and the manifest that vouches for them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from server.classifier.checksum import sha256_of_file
from server.classifier.errors import ModelNotBuilt

if TYPE_CHECKING:
    from pathlib import Path

    from server.classifier.card import ModelCard

MANIFEST_FILE = "manifest.json"
BACKBONE_FILE = "backbone.onnx"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What an exported model was made from, and the SHA-256 of each of its files by name.

    ``photos`` is how many real photos the agreement was measured on, ``max_difference`` the largest
    difference in probability from PyTorch.
    """

    name: str
    version: str
    card_fingerprint: str
    weights_sha256: str
    sources_sha256: str
    photos: int
    max_difference: float
    files: dict[str, str]

    @property
    def served_name(self) -> str:
        """What an inference server calls the model: another graph has another name."""
        return f"{self.name}-{self.version}-{self.files[BACKBONE_FILE][:12]}"

    def save(self, directory: Path) -> None:
        """Write the manifest into ``directory``."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (directory / MANIFEST_FILE).write_text(text, encoding="utf-8")


def directory_of(card: ModelCard, model_directory: Path) -> Path:
    """Return where the exported files of ``card`` are, below ``model_directory``."""
    return model_directory / f"{card.name}-{card.version}"


def read_verified(card: ModelCard, model_directory: Path, *, with_graph: bool = True) -> Manifest:
    """Return the manifest of ``card``, once its files are seen to be those it names.

    Where another runs the graph (``with_graph`` is False), that need not be there. Raises
    ``ModelNotBuilt``.
    """
    directory = directory_of(card, model_directory)
    manifest = _read_manifest(directory / MANIFEST_FILE)
    if manifest.card_fingerprint != card.fingerprint:
        raise ModelNotBuilt(directory / MANIFEST_FILE, reason="changed")
    for file_name, sha256 in manifest.files.items():
        if file_name == BACKBONE_FILE and not with_graph:
            continue
        path = directory / file_name
        if not path.is_file():
            raise ModelNotBuilt(path, reason="missing")
        if sha256_of_file(path) != sha256:
            raise ModelNotBuilt(path, reason="changed")
    return manifest


def _read_manifest(path: Path) -> Manifest:
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise ModelNotBuilt(path, reason="missing") from error
    except (ValueError, TypeError) as error:
        raise ModelNotBuilt(path, reason="malformed") from error
