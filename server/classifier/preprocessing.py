"""From the bytes of a picture to the pixels that the model sees.

The answer is that of showing the picture as a browser does, resizing the shorter side to
``input_size / crop_fraction`` (256 pixels) and cutting the centre (224 x 224) out, bicubic.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import ExifTags, Image, ImageChops

from server.classifier.centre_crop import centre_crop
from server.classifier.errors import ImageUnreadable
from server.classifier.image_file import open_image

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.ImageFile import ImageFile

    from server.classifier.card import ModelCard
    from server.classifier.image_file import ImageLimits, OpenedImage

# JPEG may decode at 1/2, 1/4 or 1/8 of its size, down to this multiple of what the resize needs.
DRAFT_MARGIN = 2
# Of memory, at work: see `memory_bytes`.
BYTES_PER_PIXEL = {"WEBP": 16, "AVIF": 20, "HEIC": 16, "TIFF": 12}
TRANSLUCENT_HEIC_BYTES_PER_PIXEL = 21
COEFFICIENT_BYTES = 2

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
    with open_for(card, image_bytes, limits) as opened:
        return decode_opened(opened, card)


def open_for(card: ModelCard, image_bytes: bytes, limits: ImageLimits) -> OpenedImage:
    """Return the picture opened, to be decoded no larger than ``card`` needs.

    Raises ``ImageError``.
    """
    opened = open_image(image_bytes, limits)
    with opened.errors():
        _draft(opened.image, card)
        if opened.counterpart is not None:
            _draft(opened.counterpart, card)
    return opened


def memory_bytes(opened: OpenedImage) -> int:
    """Return about how much memory decoding will need beside the bytes, from the header alone.

    Measured: a PNG in RGB or RGBA 4.6 bytes a pixel, a WebP 16 (two canvases of its decoder, its
    output and the picture), a HEIC of 10 bits as many, a JPEG of several scans 2 for each
    coefficient (it holds all of them), any other JPEG what its draft measures.
    Reckoned: an AVIF of 10 bits 20, a TIFF of 16 bits in one strip 12.
    """
    image, pixels = opened.image, opened.width * opened.height
    if opened.format in BYTES_PER_PIXEL:
        is_worse = opened.format == "HEIC" and image.has_transparency_data
        return pixels * (
            TRANSLUCENT_HEIC_BYTES_PER_PIXEL if is_worse else BYTES_PER_PIXEL[opened.format]
        )
    coefficients = opened.coefficients * COEFFICIENT_BYTES
    return coefficients + image.width * image.height * _stored_bytes(image)


def decode_opened(opened: OpenedImage, card: ModelCard) -> DecodedImage:
    """Return the pixels that the model of ``card`` sees of what was opened for it.

    Raises ``ImageError``.
    """
    image, width, height = opened.image, opened.width, opened.height
    with opened.errors():
        # Exact also where a drafted side is rounded up to whole pixels.
        draft_scale = 2 ** round(math.log2(width / image.width))
        image.load()
        _refuse_missing_pixels(opened)
        crop = centre_crop(
            image,
            image.info.get("icc_profile"),
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
        format=opened.format,
        byte_count=len(opened.file_bytes),
        sha256=hashlib.sha256(opened.file_bytes).hexdigest(),
    )


def _draft(image: ImageFile, card: ModelCard) -> None:
    """Let a JPEG be decoded at a fraction of its size that still is more than enough."""
    side = round(card.input_size / card.crop_fraction) * DRAFT_MARGIN
    image.draft(None, (side, side))


def _stored_bytes(image: ImageFile) -> int:
    """Return how many bytes Pillow takes for a pixel: 4 for all modes of several bands."""
    if len(image.getbands()) > 1:
        return 4
    return 2 if image.mode.startswith("I;16") else 1 if image.mode in {"1", "L", "P"} else 4


def _refuse_missing_pixels(opened: OpenedImage) -> None:
    """Raise ``ImageUnreadable`` where more than the end of the file is missing."""
    if opened.counterpart is not None:
        opened.counterpart.load()
        if ImageChops.difference(opened.image, opened.counterpart).getbbox() is not None:
            raise ImageUnreadable(opened.format)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 (upright) where it is missing or not readable.

    Of EXIF alone, as in a browser: an orientation in XMP is a note of the program that wrote it.
    """
    exif = Image.Exif()
    try:
        exif.load(image.info.get("exif", b""))
        return int(exif.get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF raises anything; the pixels are still good
        return 1
