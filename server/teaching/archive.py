"""A version as one archive to take along, made while it is sent: the graph is never held whole."""

import json
from collections.abc import Iterable, Iterator
from io import RawIOBase
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings

from server.classifier.card import ModelCard
from server.classifier.errors import ModelNotBuilt
from server.classifier.exported_model import BACKBONE_FILE, directory_of, read_verified
from server.classifier.joined_graph import head_graph
from server.predictions.served import served
from server.teaching.archive_format import (
    CARD_FILE,
    HEAD_FILE,
    MODEL_FILE,
    README_FILE,
    RUNNER_FILE,
    card_of,
    readme_text,
)
from server.teaching.models import ClassifierVersion
from server.teaching.taught import taught_classifier

PIECE_BYTES = 64 * 1024
_RUNNER = Path(__file__).with_name("archived_runner.py")
_FILE_MODE = 0o644 << 16  # as a zip tells the rights of a file


class _Sent(RawIOBase):
    """Takes what is written, until it is sent."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, written: bytes) -> int:  # type: ignore[override] # of all buffers, bytes come
        self._waiting += written
        return len(written)

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def may_have_archive(version: ClassifierVersion) -> bool:
    """Return whether the graph that a version stands on lies here: a tier may have it alone."""
    backbone = _backbone(version)
    if backbone is None:
        return False
    return (directory_of(backbone, settings.MODEL_DIRECTORY) / BACKBONE_FILE).is_file()


def archive_of(version: ClassifierVersion) -> Iterator[bytes] | None:
    """Return the zip of a version with its head, in pieces; None where the graph isn't here.

    The pieces ask nothing of the database.
    """
    backbone = _backbone(version)
    if backbone is None:
        return None
    try:
        read_verified(backbone, settings.MODEL_DIRECTORY)
    except ModelNotBuilt:
        return None
    graph_path = directory_of(backbone, settings.MODEL_DIRECTORY) / BACKBONE_FILE
    tail = head_graph(taught_classifier(version, version.classifier.name).head)
    card = json.dumps(card_of(version, backbone), ensure_ascii=False, indent=2)
    small = {
        README_FILE: readme_text(version, backbone).encode(),
        CARD_FILE: card.encode(),
        HEAD_FILE: bytes(version.head),
        RUNNER_FILE: _RUNNER.read_bytes(),
    }
    return _zipped(version, small, graph_path, tail)


def _backbone(version: ClassifierVersion) -> ModelCard | None:
    """Return the very model that a version was taught on; None where it is served no more."""
    name, _, number = version.backbone.rpartition(" ")
    return served().of_version(name, number)


def _zipped(
    version: ClassifierVersion, small: dict[str, bytes], graph_path: Path, tail: bytes
) -> Iterator[bytes]:
    sent = _Sent()
    with ZipFile(sent, "w") as archive:
        for name, content in small.items():
            archive.writestr(_entry(version, name, ZIP_DEFLATED), content)
            yield sent.take()
        # Weights hardly get smaller, and it would take half a second of a core.
        with archive.open(_entry(version, MODEL_FILE, ZIP_STORED), "w") as entry:
            for piece in _model(graph_path, tail):
                entry.write(piece)
                yield sent.take()
    yield sent.take()


def _model(graph_path: Path, tail: bytes) -> Iterable[bytes]:
    with graph_path.open("rb") as graph:
        while piece := graph.read(PIECE_BYTES):
            yield piece
    yield tail


def _entry(version: ClassifierVersion, name: str, compression: int) -> ZipInfo:
    entry = ZipInfo(name, version.created_at.timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = _FILE_MODE
    return entry
