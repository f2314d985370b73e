"""Preprocessing without any shortcut: the whole picture is decoded, turned and resized at once."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps

RESIZED_SIDE = 256
INPUT_SIZE = 224


def _upright(image_bytes: bytes) -> Image.Image:
    with Image.open(io.BytesIO(image_bytes)) as image:
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        if profile is None:
            return upright.convert("RGB")
        if upright.mode not in {"RGB", "CMYK"}:  # grey with a profile for colours
            upright = upright.convert("RGB")
        screen = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(upright, io.BytesIO(profile), screen, outputMode="RGB")


def reference_pixels(image_bytes: bytes) -> npt.NDArray[np.uint8]:
    """Resize the centre square, whose side is 224/256 of the shorter side, in one step."""
    image = _upright(image_bytes)
    side = min(image.size) * INPUT_SIZE / RESIZED_SIDE
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return np.array(
        image.resize(
            (INPUT_SIZE, INPUT_SIZE),
            Image.Resampling.BICUBIC,
            box=(left, top, left + side, top + side),
        )
    )


def textbook_pixels(image_bytes: bytes) -> npt.NDArray[np.uint8]:
    """Resize the shorter side to 256 and cut the centre out, rounding both times as torchvision.

    The rounding moves and stretches the picture by up to half a pixel, so that only labels can be
    compared with it.
    """
    image = _upright(image_bytes)
    scale = RESIZED_SIDE / min(image.size)
    image = image.resize(
        (int(image.width * scale), int(image.height * scale)), Image.Resampling.BICUBIC
    )
    left = round((image.width - INPUT_SIZE) / 2)
    top = round((image.height - INPUT_SIZE) / 2)
    return np.array(image.crop((left, top, left + INPUT_SIZE, top + INPUT_SIZE)))
