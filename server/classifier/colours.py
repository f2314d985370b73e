"""From the colours of a file to those that a screen shows: sRGB, on white.

What the numbers of a picture mean stands in its colour profile. A phone's photo in Display P3 looks
pale where that is not obeyed, and its label changes. LittleCMS does the conversion.
"""

from __future__ import annotations

import hashlib
import io
import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from PIL import Image, ImageCms

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsTransform

# A conversion holds up to 2 MB (inks: a table in four dimensions).
MAX_KEPT_CONVERSIONS = 8
# Of two profiles that differ by no more no eye can tell which is which.
_SAME_COLOUR = 1
_OPAQUE = 255
_COLOUR_SPACE_BY_MODE = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}

logger = logging.getLogger(__name__)
_conversions: OrderedDict[bytes, ImageCmsTransform | None] = OrderedDict()
_lock = threading.Lock()


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return ``image`` (L, RGB or CMYK) in RGB, in the colours of a screen.

    ``profile`` is the ICC profile of the file. Without one, with a damaged one or one for another
    kind of picture, its colours are taken for those of a screen.
    """
    if profile:
        # A grey picture may have a profile for colours: its greys are mixed of three equal ones.
        for mode in {"L": ("L", "RGB")}.get(image.mode, (image.mode,)):
            conversion = _kept_conversion(profile, mode)
            if conversion is not None:
                converted = ImageCms.applyTransform(image.convert(mode), conversion)
                return converted or image.convert("RGB")
    return image.convert("RGB")


def on_white_in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, bytes | None]:
    """Return ``image`` (LA or RGBA) on white, and the profile that its colours have then.

    Where nothing of it is transparent, only its alpha is left out.
    """
    colours, alpha = image.convert(image.mode[:-1]), image.getchannel("A")
    if alpha.getextrema()[0] == _OPAQUE:
        return colours, profile
    white = Image.new("RGB", image.size, "white")
    white.paste(in_srgb(colours, profile), mask=alpha)
    return white, None


def _kept_conversion(profile: bytes, mode: str) -> ImageCmsTransform | None:
    key = hashlib.sha256(mode.encode() + profile).digest()
    with _lock:
        if key not in _conversions:
            _conversions[key] = _conversion(profile, mode)
            if len(_conversions) > MAX_KEPT_CONVERSIONS:
                _conversions.popitem(last=False)
        _conversions.move_to_end(key)
        return _conversions[key]


def _conversion(profile: bytes, mode: str) -> ImageCmsTransform | None:
    """Return what converts ``mode`` to RGB; None where there is nothing to convert, or no way."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if opened.profile.xcolor_space != _COLOUR_SPACE_BY_MODE[mode]:
            return None
        screen = ImageCms.createProfile("sRGB")
        conversion = ImageCms.buildTransform(opened, screen, mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
        logger.debug("A colour profile can't be used: %r", error)
        return None
    if mode == "RGB" and _changes_nothing(conversion):
        return None
    return conversion


def _changes_nothing(conversion: ImageCmsTransform) -> bool:
    steps = range(0, 256, 15)
    levels = bytes(
        value for red in steps for green in steps for blue in steps for value in (red, green, blue)
    )
    probe = Image.frombytes("RGB", (len(steps), len(steps) ** 2), levels)
    converted = ImageCms.applyTransform(probe, conversion)
    return converted is not None and all(
        abs(before - after) <= _SAME_COLOUR
        for before, after in zip(levels, converted.tobytes(), strict=True)
    )
