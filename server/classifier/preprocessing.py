"""From the bytes of a picture to the pixels that the model sees.

The answer is that of resizing the shorter side to ``input_size / crop_fraction`` (256 pixels) and
cutting the centre (224 x 224) out, bicubic. But only the centre is ever resized, and a large
picture is first averaged down: beside the decoded picture itself no step allocates more than one
band of it.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image

from server.classifier import jpeg_structure
from server.classifier.image_file import image_errors, open_image

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFile import ImageFile

    from server.classifier.card import ModelCard
    from server.classifier.image_file import ImageLimits

# JPEG may decode at 1/2, 1/4 or 1/8 of its size, down to this multiple of what the resize needs.
DRAFT_MARGIN = 2
# Averaging down to three times the wanted size is "almost indistinguishable" from one fair
# resampling (Pillow's documentation of `reducing_gap`).
REDUCING_GAP = 3
BAND_PIXELS = 1_000_000
# Of memory, at work: see `decode_memory_bytes`.
WEBP_BYTES_PER_PIXEL = 16
COEFFICIENT_BYTES = 2
# Bicubic looks two (target) pixels beyond the box.
BICUBIC_SUPPORT = 2

TRANSPOSITION_BY_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
ORIENTATIONS_THAT_SWAP_SIDES = (5, 6, 7, 8)


@dataclass(frozen=True, kw_only=True)
class DecodedImage:
    """A picture as the model sees it, and what it was before.

    ``pixels`` is ``(224, 224, 3) uint8, RGB``, upright. ``width`` and ``height`` are those of the
    whole picture, upright. ``format`` is one of ``SUPPORTED_FORMATS``. ``sha256`` (hexadecimal) and
    ``byte_count`` are of the bytes that came.
    """

    pixels: npt.NDArray[np.uint8]
    width: int
    height: int
    format: str
    byte_count: int
    sha256: str


def decode(image_bytes: bytes, card: ModelCard, limits: ImageLimits) -> DecodedImage:
    """Return the pixels that the model of ``card`` sees of ``image_bytes``.

    Of an animation it is the first frame; transparency lies on white. Raises ``ImageError`` and
    nothing else.
    """
    image = open_image(image_bytes, limits)
    format_name = "JPEG" if image.format == "MPO" else str(image.format)  # MPO: several JPEGs
    width, height = image.size
    with image, image_errors(format_name, limits.max_pixels):
        _draft(image, card)
        # Exact also where a drafted side is rounded up to whole pixels.
        draft_scale = 2 ** round(math.log2(width / image.width))
        image.load()
        crop = _centre_crop(
            image,
            centre=(width / draft_scale / 2, height / draft_scale / 2),
            side=min(width, height) / draft_scale * card.crop_fraction,
            size=card.input_size,
        )
        orientation = _orientation(image)
        if orientation in TRANSPOSITION_BY_ORIENTATION:
            # The centre stays the centre: turning the small crop is turning the picture.
            crop = crop.transpose(TRANSPOSITION_BY_ORIENTATION[orientation])
    if orientation in ORIENTATIONS_THAT_SWAP_SIDES:
        width, height = height, width
    return DecodedImage(
        pixels=np.array(crop, dtype=np.uint8),
        width=width,
        height=height,
        format=format_name,
        byte_count=len(image_bytes),
        sha256=hashlib.sha256(image_bytes).hexdigest(),
    )


def decode_memory_bytes(image_bytes: bytes, card: ModelCard, limits: ImageLimits) -> int:
    """Return about how much memory ``decode`` will need beside the bytes, from the header alone.

    Measured at the limits: a PNG in RGB or RGBA 4.6 bytes a pixel, a WebP 16 (two canvases of its
    decoder, its output and the picture), a JPEG of several scans 2 for each of its components (it
    holds the coefficients of all of them), any other JPEG what its draft measures. Raises
    ``ImageError``.
    """
    with open_image(image_bytes, limits) as image:
        format_name = str(image.format)
        if format_name == "WEBP":
            return image.width * image.height * WEBP_BYTES_PER_PIXEL
        coefficients = 0
        if format_name in {"JPEG", "MPO"} and jpeg_structure.count_scans(image_bytes) > 1:
            coefficients = image.width * image.height * len(image.getbands())
        with image_errors(format_name, limits.max_pixels):
            _draft(image, card)
        return coefficients * COEFFICIENT_BYTES + image.width * image.height * _stored_bytes(image)


def _draft(image: ImageFile, card: ModelCard) -> None:
    """Let a JPEG be decoded at a fraction of its size that still is more than enough."""
    side = round(card.input_size / card.crop_fraction) * DRAFT_MARGIN
    image.draft(None, (side, side))


def _stored_bytes(image: ImageFile) -> int:
    """Return how many bytes Pillow takes for a pixel: 4 for all modes of several bands."""
    if len(image.getbands()) > 1:
        return 4
    return 2 if image.mode.startswith("I;16") else 1 if image.mode in {"1", "L", "P"} else 4


def _centre_crop(
    image: Image.Image, *, centre: tuple[float, float], side: float, size: int
) -> Image.Image:
    """Return the square of ``side`` pixels around ``centre``, resized to ``size`` and in RGB."""
    scale = side / size
    margin = math.ceil(BICUBIC_SUPPORT * max(1.0, scale))
    left, top = centre[0] - side / 2, centre[1] - side / 2
    region = (
        max(0, math.floor(left) - margin),
        max(0, math.floor(top) - margin),
        min(image.width, math.ceil(left + side) + margin),
        min(image.height, math.ceil(top + side) + margin),
    )
    factor = max(1, int(scale / REDUCING_GAP))
    if image.mode == "RGB" and not image.has_transparency_data:
        # Nearly every photo; its pixels are not copied.
        reduced = image.reduce(factor, region) if factor > 1 else image
    else:
        reduced = _reduce_by_bands(image, region, factor)
    if reduced is not image:
        left, top = (left - region[0]) / factor, (top - region[1]) / factor
    right = min(left + side / factor, reduced.width)
    bottom = min(top + side / factor, reduced.height)
    return reduced.resize(
        (size, size), Image.Resampling.BICUBIC, box=(max(0.0, left), max(0.0, top), right, bottom)
    )


def _reduce_by_bands(
    image: Image.Image, region: tuple[int, int, int, int], factor: int
) -> Image.Image:
    """Return ``region`` in RGB, each ``factor`` x ``factor`` pixels averaged into one."""
    left, top, right, bottom = region
    size = (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor))
    reduced = Image.new("RGB", size)
    band_height = factor * max(1, BAND_PIXELS // ((right - left) * factor))
    for band_top in range(top, bottom, band_height):
        band = image.crop((left, band_top, right, min(band_top + band_height, bottom)))
        reduced.paste(_to_rgb(band).reduce(factor), (0, (band_top - top) // factor))
    return reduced


def _to_rgb(band: Image.Image) -> Image.Image:
    """Return ``band`` in RGB: 16-bit grey scaled (not clipped), transparency over white."""
    if band.mode.startswith("I;16"):
        band = Image.fromarray((np.asarray(band) >> 8).astype(np.uint8))
    if not band.has_transparency_data:
        return band.convert("RGB")
    rgba = band.convert("RGBA")
    white = Image.new("RGB", band.size, "white")
    white.paste(rgba, mask=rgba)
    return white


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 (upright) where it is missing or not readable."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF raises anything; the pixels are still good
        return 1
