"""Cuts the centre of a picture out and resizes it, and shows it as a screen does.

Only the centre is ever resized, and a large picture is first averaged down: beside the decoded
picture itself no step allocates more than one band of it. Colours are converted where it takes
least: when all is small. But what is transparent is laid on white before the resize, which would
make other edges of it.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from server.classifier.colours import in_srgb, on_white_in_srgb
from server.classifier.resize import resize

# Averaging down to three times the wanted size is "almost indistinguishable" from one fair
# resampling (Pillow's documentation of `reducing_gap`).
REDUCING_GAP = 3
BAND_PIXELS = 1_000_000
# Bicubic looks two (target) pixels beyond the box.
BICUBIC_SUPPORT = 2
# Modes that are reduced as they are: nearly every photo; its pixels are not copied.
_REDUCIBLE = {"L", "RGB", "CMYK"}


def centre_crop(
    image: Image.Image,
    profile: bytes | None,
    *,
    centre: tuple[float, float],
    side: float,
    size: int,
) -> Image.Image:
    """Return the square of ``side`` pixels around ``centre``, resized to ``size``, bicubic, in RGB.

    ``profile`` (ICC) says what the colours of ``image`` mean; see ``colours``.
    """
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
    if image.mode in _REDUCIBLE and not image.has_transparency_data:
        is_converted_now = image.mode == "CMYK"
        reduced = image.reduce(factor, region) if factor > 1 or is_converted_now else image
    else:
        reduced = _reduce_by_bands(image, region, factor)
    if reduced is not image:
        left, top = (left - region[0]) / factor, (top - region[1]) / factor
    if reduced.mode in {"LA", "RGBA"}:
        reduced, profile = on_white_in_srgb(reduced, profile)
    elif reduced.mode == "CMYK":
        reduced, profile = in_srgb(reduced, profile), None
    resized = resize(
        reduced, (size, size), left=max(0.0, left), top=max(0.0, top), side=side / factor
    )
    return in_srgb(resized, profile)


def _reduce_by_bands(
    image: Image.Image, region: tuple[int, int, int, int], factor: int
) -> Image.Image:
    """Return ``region`` in a reducible mode, ``factor`` x ``factor`` pixels averaged into one."""
    left, top, right, bottom = region
    size = (math.ceil((right - left) / factor), math.ceil((bottom - top) / factor))
    reduced = Image.new(_reducible(image.crop((0, 0, 1, 1))).mode, size)
    band_height = factor * max(1, BAND_PIXELS // ((right - left) * factor))
    for band_top in range(top, bottom, band_height):
        band = image.crop((left, band_top, right, min(band_top + band_height, bottom)))
        reduced.paste(_reducible(band).reduce(factor), (0, (band_top - top) // factor))
    return reduced


def _reducible(band: Image.Image) -> Image.Image:
    """Return ``band`` in L, LA, RGB, RGBA or CMYK; 16 bits of grey are scaled, not clipped."""
    if band.mode.startswith("I;16"):
        return _of_16_bits(band)
    is_grey = band.mode in {"1", "L", "LA", "La"}
    if band.has_transparency_data:
        return band.convert("LA" if is_grey else "RGBA")
    if band.mode in _REDUCIBLE:
        return band
    return band.convert("L" if is_grey else "RGB")


def _of_16_bits(band: Image.Image) -> Image.Image:
    levels = np.asarray(band)
    grey = Image.fromarray((levels >> 8).astype(np.uint8))
    transparent = band.info.get("transparency")
    if transparent is not None:
        grey.putalpha(Image.fromarray(np.where(levels == transparent, 0, 255).astype(np.uint8)))
    return grey
