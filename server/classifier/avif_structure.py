"""Tells how large the coded pictures inside an AVIF are, which its header need not tell truly.

Its decoder makes room for what the coded data says, up to 16,384 × 16,384 pixels, and no limit can
be handed to it. So every place that says a size is read before: the properties of the file (ISO/IEC
23008-12, 6.5.3) and the sequence headers of its coded data (AV1 specification, 5.5). Pictures that
are put together of others are none of ours: nothing but the maker of the file bounds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from server.classifier.av1_sequence import coded_pixels
from server.classifier.errors import ImageKindUnsupported

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODED, _TILES, _NOTES = b"av01", b"grid", {b"Exif", b"mime", b"uri ", b"tmap"}
_FULL_BOX_BYTES = 4  # version and flags
_MAX_ITEMS = 100
_FILE, _ITEM_DATA = 0, 1  # where the data of an item may be
_BRANDS_START, _SEQUENCE_BRAND, _STILL_BRAND = 8, b"avis", b"avif"


class NotUnderstood(ValueError):
    """The file is made otherwise than those whose size can be told."""


class _Box(NamedTuple):
    kind: bytes
    content: bytes


def still(avif_bytes: bytes) -> bytes:
    """Return the file as one of a still picture: an animation is read by another part of it."""
    if avif_bytes[_BRANDS_START : _BRANDS_START + 4] != _SEQUENCE_BRAND:
        return avif_bytes
    return avif_bytes[:_BRANDS_START] + _STILL_BRAND + avif_bytes[_BRANDS_START + 4 :]


def largest_pixels(avif_bytes: bytes) -> int:
    """Return the most pixels that any part of the file says a picture has.

    Raises ``ImageKindUnsupported``, ``NotUnderstood``, or ``IndexError`` where the file is cut.
    """
    parts = _parts(avif_bytes)
    kinds = _item_kinds(_only(parts, b"iinf"))
    if _TILES in kinds.values():
        raise ImageKindUnsupported("AVIF made of tiles")
    if not set(kinds.values()) <= {_CODED} | _NOTES:
        raise NotUnderstood
    item_data = next((box.content for box in parts if box.kind == b"idat"), b"")
    found = [0]
    found.extend(
        _number(box.content, 4, 4) * _number(box.content, 8, 4)
        for box in _properties(parts)
        if box.kind == b"ispe"
    )
    for item, data in _items(_only(parts, b"iloc"), avif_bytes, item_data):
        if kinds.get(item) == _CODED:
            found.append(coded_pixels(data))
    return max(found)


def code_points(avif_bytes: bytes) -> tuple[int, int] | None:
    """Return the numbers of primaries and transfer of H.273; None where the file tells none.

    Raises as `largest_pixels`.
    """
    for box in _properties(_parts(avif_bytes)):
        if box.kind == b"colr" and box.content[:4] == b"nclx":
            return _number(box.content, 4, 2), _number(box.content, 6, 2)
    return None


def _parts(avif_bytes: bytes) -> list[_Box]:
    return list(_boxes(_only(_boxes(avif_bytes), b"meta")[_FULL_BOX_BYTES:]))


def _properties(parts: list[_Box]) -> Iterator[_Box]:
    return _boxes(_only(_boxes(_only(parts, b"iprp")), b"ipco"))


def _boxes(content: bytes) -> Iterator[_Box]:
    position = 0
    while position + 8 <= len(content):
        size, start = _number(content, position, 4), position + 8
        if size == 1:  # a longer number follows
            size, start = _number(content, start, 8), start + 8
        end = position + size if size else len(content)
        if end < start:
            raise NotUnderstood
        yield _Box(content[position + 4 : position + 8], content[start:end])
        position = end


def _only(boxes: Iterator[_Box] | list[_Box], kind: bytes) -> bytes:
    found = [box.content for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise NotUnderstood
    return found[0]


def _item_kinds(item_information: bytes) -> dict[int, bytes]:
    count_bytes = 4 if item_information[0] else 2
    kinds: dict[int, bytes] = {}
    for box in _boxes(item_information[_FULL_BOX_BYTES + count_bytes :]):
        number_bytes = {2: 2, 3: 4}.get(box.content[0])
        if box.kind != b"infe" or number_bytes is None or len(kinds) == _MAX_ITEMS:
            raise NotUnderstood
        kind_at = _FULL_BOX_BYTES + number_bytes + 2
        number = _number(box.content, _FULL_BOX_BYTES, number_bytes)
        kinds[number] = box.content[kind_at : kind_at + 4]
    return kinds


def _items(locations: bytes, file: bytes, item_data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the data of each item (8.11.3 of ISO/IEC 14496-12)."""
    version = locations[0]
    offset_bytes, length_bytes = locations[4] >> 4, locations[4] & 15
    base_bytes, index_bytes = locations[5] >> 4, locations[5] & 15 if version else 0
    wide = 4 if version == 2 else 2  # noqa: PLR2004 - the version
    reader = _Reader(locations, 6)
    for _ in range(min(reader.take(wide), _MAX_ITEMS + 1)):
        item = reader.take(wide)
        method = reader.take(2) & 15 if version else _FILE
        if method not in (_FILE, _ITEM_DATA):
            raise NotUnderstood
        reader.take(2)  # which file: only this one, or it is not found
        base, data = reader.take(base_bytes), b""
        for _ in range(min(reader.take(2), _MAX_ITEMS)):
            reader.take(index_bytes)
            start, length = base + reader.take(offset_bytes), reader.take(length_bytes)
            source = file if method == _FILE else item_data
            data += source[start : start + length] if length else source[start:]
        yield item, data


class _Reader:
    def __init__(self, content: bytes, position: int) -> None:
        self._content, self._position = content, position

    def take(self, length: int) -> int:
        self._position += length
        return _number(self._content, self._position - length, length)


def _number(content: bytes, start: int, length: int) -> int:
    if start + length > len(content):
        raise NotUnderstood
    return int.from_bytes(content[start : start + length], "big")
