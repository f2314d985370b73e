"""Refuses what a TIFF may hold beyond a picture of bounded cost.

A TIFF is a box for anything: raw data of a camera beside a thumbnail, heights as floating-point
numbers, tiles larger than the picture. TIFF 6.0 (Adobe, 1992) defines the tags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.classifier.errors import ImageFormatUnsupported, ImageTooLarge, ImageUnreadable
from server.classifier.formats import SUPPORTED_FORMATS
from server.classifier.jpeg_structure import MAX_SCANS

if TYPE_CHECKING:
    from PIL.TiffImagePlugin import TiffImageFile

_NEW_SUBFILE_TYPE, _STRIP_OFFSETS, _TILE_WIDTH, _TILE_LENGTH = 254, 273, 322, 323
_TILE_OFFSETS, _DNG_VERSION = 324, 50_706
_IS_SMALLER_COPY = 1  # of the picture proper, which a TIFF of a camera keeps raw
# Whose cost is bounded by the pixels that come out; `jpeg` once its scans are counted.
_COMPRESSIONS = {
    *("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate", "jpeg"),
    *("tiff_ccitt", "group3", "group4"),
}
# Others have no black and white of their own: 32 bits, floating point, colours not of a screen.
_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"}
_START_OF_SCAN = b"\xff\xda"
_SCANS_OF_A_PART = 20


def refuse_what_is_no_bounded_picture(
    image: TiffImageFile, file_bytes: bytes, max_pixels: int
) -> None:
    """Raise an ``ImageError`` unless the first picture of a TIFF is one to be decoded."""
    tags = image.tag_v2
    if _DNG_VERSION in tags or tags.get(_NEW_SUBFILE_TYPE, 0) & _IS_SMALLER_COPY:
        raise ImageFormatUnsupported(SUPPORTED_FORMATS, found="camera raw")
    if image.info.get("compression") not in _COMPRESSIONS:
        raise ImageUnreadable("TIFF")
    if not (image.mode in _MODES or image.mode.startswith("I;16")):
        raise ImageUnreadable("TIFF")
    tile_pixels = tags.get(_TILE_WIDTH, 0) * tags.get(_TILE_LENGTH, 0)
    if tile_pixels > max_pixels:
        raise ImageTooLarge("pixels", limit=max_pixels, found=tile_pixels)
    if image.info["compression"] == "jpeg":
        parts = tags.get(_TILE_OFFSETS) or tags.get(_STRIP_OFFSETS) or ()
        if file_bytes.count(_START_OF_SCAN) > MAX_SCANS + _SCANS_OF_A_PART * len(parts):
            raise ImageUnreadable("TIFF")
