"""Which format a file is in, by its content, whatever its name claims."""

from __future__ import annotations

import re

from server.classifier.errors import ImageFormatUnsupported

SUPPORTED_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIC", "BMP", "TIFF")

_PREFIXES = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",  # of more than 4 GB, by its name; some programs write nothing else
    b"MM\0+": "TIFF",
}
# What people send as well, so that the refusal can say what it is.
_PREFIXES_OF_OTHERS = {
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL \r\n\x87\n": "JPEG XL",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"%PDF-": "PDF",
    b"8BPS": "Photoshop",
    b"\x1aE\xdf\xa3": "video",
}
# Brands of the ISO base media file format (ISO/IEC 14496-12; MIAF and HEIF register theirs).
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = {b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_MAX_FILE_TYPE_BYTES = 512
_BMP_HEADER_BYTES = {12, 16, 40, 52, 56, 64, 108, 124}
_SVG = re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml|<!--|<!DOCTYPE\s+svg|<svg\b)")


def format_of(image_bytes: bytes) -> str:
    """Return one of ``SUPPORTED_FORMATS``; raises ``ImageFormatUnsupported`` with what it is."""
    for prefix, name in _PREFIXES.items():
        if image_bytes.startswith(prefix):
            return name
    if image_bytes.startswith(b"RIFF") and image_bytes[8:12] == b"WEBP":
        return "WEBP"
    if (
        image_bytes.startswith(b"BM")
        and int.from_bytes(image_bytes[14:18], "little") in _BMP_HEADER_BYTES
    ):
        return "BMP"
    found = _media_format(image_bytes) or _other_format(image_bytes)
    if found in SUPPORTED_FORMATS:
        return found
    raise ImageFormatUnsupported(SUPPORTED_FORMATS, found=found)


def _media_format(image_bytes: bytes) -> str | None:
    if image_bytes[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(image_bytes[:4], "big"), _MAX_FILE_TYPE_BYTES)
    # The brand it is, its version, and the brands it can be read as.
    brands = {image_bytes[8:12], *(image_bytes[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIC" if brands & (_HEIC_BRANDS | _HEIF_BRANDS) else "video"


def _other_format(image_bytes: bytes) -> str | None:
    for prefix, name in _PREFIXES_OF_OTHERS.items():
        if image_bytes.startswith(prefix):
            return name
    start = image_bytes[:1000]
    return "SVG" if _SVG.match(start) and b"<svg" in start else None
