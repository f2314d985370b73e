"""The bicubic resize, by fast_image_resize: a fifth of the time that Pillow takes for the same."""

from __future__ import annotations

import math

from cykooz_resizer import CropBox, FilterType, ResizeAlg, ResizeOptions, Resizer
from PIL import Image

# Its Catmull-Rom is what Pillow calls bicubic: the cubic of a = -0.5, wider where it shrinks.
_BICUBIC = ResizeAlg.convolution(FilterType.catmull_rom)


def resize(
    image: Image.Image, size: tuple[int, int], *, left: float, top: float, side: float
) -> Image.Image:
    """Return the square of ``side`` pixels of ``image`` (L or RGB) in ``size``.

    The square is cut where it reaches over the right or the lower edge.
    """
    box = CropBox(left, top, _within(left, side, image.width), _within(top, side, image.height))
    resized = Image.new(image.mode, size)
    options = ResizeOptions(resize_alg=_BICUBIC, use_alpha=False, crop_box=box)
    # A new one each time: it holds a buffer, and two threads may come at once.
    Resizer().resize_pil(image, resized, options)
    return resized


def _within(start: float, length: float, end: int) -> float:
    """Return the most of ``length`` with which ``start`` stays at or before ``end``."""
    length = min(length, end - start)
    while start + length > end:  # by the last bit of a float, which is an error there
        length = math.nextafter(length, 0)
    return length
