"""Takes a PNG apart, so that what carries no pixels can't spoil those that are there.

A browser skips a text of any length, and whatever of that kind has a wrong checksum; Pillow gives
the whole picture up. So Pillow is given the chunks that make the pixels, and nothing else. The PNG
specification (https://www.w3.org/TR/png-3/) defines the chunks, sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from server.classifier.calibration import calibrated_profile
from server.classifier.code_points import code_point_profile, refuse_hdr

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHUNKS = 20_000  # of 1 kB each in the largest file; no encoder makes them so small
MAX_PROFILE_BYTES = 4 * 2**20  # the largest of printing presses
_SIGNATURE_BYTES = 8
_CHUNK_HEADER_BYTES = 8  # length and name
_LEAST_CHUNK_BYTES = _CHUNK_HEADER_BYTES + 4  # and its checksum
_HEADER_START = _SIGNATURE_BYTES + _CHUNK_HEADER_BYTES
_TRANSPARENT, _ORIENTATION, _CODE_POINTS = b"tRNS", b"eXIf", b"cICP"
# Of all that a decoder may do without. Not the frames of an animation: its first one is the picture
# that a decoder shows which knows nothing of animations.
_READ = {_CODE_POINTS, b"iCCP", b"sRGB", b"gAMA", b"cHRM", _TRANSPARENT, _ORIENTATION}
_GREY, _COLOUR, _PALETTE = 0, 2, 3


class PictureFacts(TypedDict, total=False):
    """What is known of a picture, by the names that it has in Pillow's ``Image.info``.

    ``icc_profile`` says what the colours mean; without one they are sRGB. ``transparency`` is the
    level or the colour that is transparent, in the units of the pixels that Pillow makes.
    """

    icc_profile: bytes
    exif: bytes
    transparency: int | tuple[int, ...]


class Png(NamedTuple):
    """The parts of a PNG: one of the same pixels with nothing else inside, and what is known."""

    file_bytes: bytes
    facts: PictureFacts


class TooManyChunks(ValueError):
    """More chunks than any encoder makes: it would take its time to look at each."""


class _Chunk(NamedTuple):
    name: bytes
    start: int
    end: int  # behind its checksum


class _Header(NamedTuple):
    bit_depth: int
    kind: int


def take_apart(png_bytes: bytes) -> Png:
    """Return the parts of ``png_bytes``; damage that takes pixels along stays in.

    Raises ``TooManyChunks`` or ``ImageKindUnsupported``.
    """
    kept: list[_Chunk] = []
    told: dict[bytes, bytes] = {}
    for chunk in _chunks(png_bytes):
        if _is_critical(chunk.name):
            kept.append(chunk)
        elif chunk.name in _READ and chunk.name not in told and _is_whole(png_bytes, chunk):
            told[chunk.name] = png_bytes[chunk.start + _CHUNK_HEADER_BYTES : chunk.end - 4]
            if chunk.name == _TRANSPARENT and _header(png_bytes).kind == _PALETTE:
                kept.append(chunk)
    facts: PictureFacts = {}
    if (profile := _profile(told)) is not None:
        facts["icc_profile"] = profile
    if _ORIENTATION in told:
        facts["exif"] = told[_ORIENTATION]
    if _TRANSPARENT in told and (transparent := _transparent(png_bytes, told[_TRANSPARENT])):
        facts["transparency"] = transparent[0] if len(transparent) == 1 else transparent
    return Png(_joined(png_bytes, kept), facts)


def _chunks(png_bytes: bytes) -> Iterator[_Chunk]:
    position = _SIGNATURE_BYTES
    for _ in range(MAX_CHUNKS):
        header = png_bytes[position : position + _CHUNK_HEADER_BYTES]
        if len(header) < _CHUNK_HEADER_BYTES:
            return
        end = position + _LEAST_CHUNK_BYTES + int.from_bytes(header[:4], "big")
        yield _Chunk(header[4:], position, end)
        if header[4:] == b"IEND":
            return
        position = end
    raise TooManyChunks


def _is_critical(name: bytes) -> bool:
    """Return whether a decoder must know the chunk: its name begins with a capital letter."""
    return not name[0] & 0x20


def _is_whole(png_bytes: bytes, chunk: _Chunk) -> bool:
    """Return whether all of the chunk is there and has its checksum."""
    if chunk.end > len(png_bytes):
        return False
    checksum = zlib.crc32(memoryview(png_bytes)[chunk.start + 4 : chunk.end - 4])
    return png_bytes[chunk.end - 4 : chunk.end] == checksum.to_bytes(4, "big")


def _header(png_bytes: bytes) -> _Header:
    width_and_height = 8
    return _Header(*png_bytes[_HEADER_START + width_and_height :][:2])


def _transparent(png_bytes: bytes, levels: bytes) -> tuple[int, ...]:
    """Return the transparent level or colour, in the units of Pillow's pixels; none of a palette.

    Pillow widens levels of 1 to 4 bits to 8, keeps 16 of a grey, and of a colour the upper 8.
    """
    depth, kind = _header(png_bytes)
    bands = {_GREY: 1, _COLOUR: 3}.get(kind, 0)
    if len(levels) < 2 * bands:
        return ()
    told = (int.from_bytes(levels[2 * band : 2 * band + 2], "big") for band in range(bands))
    if depth == 16:  # noqa: PLR2004 - bits
        return tuple(level if kind == _GREY else level >> 8 for level in told)
    most = 2**depth - 1
    return tuple((level & most) * 255 // most for level in told)


def _joined(png_bytes: bytes, kept: list[_Chunk]) -> bytes:
    """Return the file of the ``kept`` chunks; neighbours are copied as one."""
    spans = [[0, _SIGNATURE_BYTES]]
    for chunk in kept:
        if spans[-1][1] == chunk.start:
            spans[-1][1] = chunk.end
        else:
            spans.append([chunk.start, chunk.end])
    if len(spans) == 1:
        return png_bytes[: spans[0][1]]
    view = memoryview(png_bytes)
    return b"".join(view[start:end] for start, end in spans)


def _profile(told: dict[bytes, bytes]) -> bytes | None:
    """Return what the colours mean; code points count first, then the profile, sRGB, the rest.

    Raises ``ImageKindUnsupported``.
    """
    if len(code_points := told.get(_CODE_POINTS, b"")) == 4:  # noqa: PLR2004 - two of them matter
        refuse_hdr(code_points[1], "PNG")
        return code_point_profile(code_points[0], code_points[1], is_video=False)
    embedded = _inflated(told.get(b"iCCP", b""))
    if embedded is not None or b"sRGB" in told:
        return embedded
    try:
        (gamma,) = struct.unpack(">I", told[b"gAMA"])
        chromaticities = struct.unpack(">8I", told[b"cHRM"]) if b"cHRM" in told else None
    except (KeyError, struct.error):
        return None
    return calibrated_profile(gamma, chromaticities)


def _inflated(chunk_bytes: bytes) -> bytes | None:
    _name, _separator, packed = chunk_bytes.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if profile and unpacking.eof else None
