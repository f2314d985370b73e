"""TIFFs that hold something else than a picture of bounded cost."""

import contextlib
import io
import struct

import numpy as np
import pytest
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import (
    ImageError,
    ImageFormatUnsupported,
    ImageTooLarge,
    ImageUnreadable,
)
from server.classifier.image_file import MAX_PIXELS, ImageLimits
from server.classifier.preprocessing import decode
from tests.classifier.pictures import with_scans

RAW, JPEG, DEFLATE = 1, 7, 8


def decoded(image_bytes: bytes) -> np.ndarray:
    return decode(image_bytes, EFFICIENTNET_LITE0, ImageLimits()).pixels


def tiff(content: bytes, compression: int = RAW, tags: dict[int, int] | None = None) -> bytes:
    """A grey picture of 64×48 whose one strip is `content`; `tags` come on top, or instead."""
    told = {256: 64, 257: 48, 258: 8, 259: compression, 262: 1, 277: 1, 278: 48}
    told |= {273: 8, 279: len(content)} | (tags or {})
    directory = struct.pack("<H", len(told)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(told.items())
    )
    return b"II*\0" + struct.pack("<I", 8 + len(content)) + content + directory + bytes(4)


GREY = bytes(range(64)) * 48


def test_a_strip_of_grey_is_a_picture() -> None:
    assert decoded(tiff(GREY)).shape == (224, 224, 3)


@pytest.mark.parametrize("tag", [{50_706: 1}, {254: 1}])
def test_raw_data_of_a_camera_is_told_as_that(tag: dict[int, int]) -> None:
    with pytest.raises(ImageFormatUnsupported) as raised:
        decoded(tiff(GREY, tags=tag))
    assert raised.value.found == "camera raw"


def test_tiles_larger_than_any_picture_are_refused() -> None:
    tiles = {322: 65_520, 323: 65_520, 324: 8, 325: len(GREY)}
    with pytest.raises(ImageTooLarge) as raised:
        decoded(tiff(GREY, compression=DEFLATE, tags=tiles))
    assert (raised.value.limit, raised.value.found) == (MAX_PIXELS // 2, 65_520**2)


def test_more_pixels_than_allowed_are_refused() -> None:
    with pytest.raises(ImageTooLarge):
        decoded(tiff(GREY, tags={256: 20_000, 257: 20_000}))


def test_a_jpeg_inside_with_thousands_of_scans_is_refused() -> None:
    with pytest.raises(ImageUnreadable):
        decoded(tiff(with_scans(500), compression=JPEG))


@pytest.mark.parametrize("compression", [2, 6, 32_809, 34_661, 34_712, 34_925, 50_000, 50_001])
def test_a_rare_compression_is_an_image_error(compression: int) -> None:
    with pytest.raises(ImageError):
        decoded(tiff(GREY, compression=compression))


@pytest.mark.parametrize("mode", ["F", "I"])
def test_numbers_that_have_no_black_and_white_are_unreadable(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (64, 48)).save(file, "TIFF")
    with pytest.raises(ImageUnreadable):
        decoded(file.getvalue())


@pytest.mark.parametrize(
    "tags",
    [{258: 0}, {277: 0}, {277: 6}, {278: 0}, {273: 2**31}, {279: 2**32 - 1}, {322: 16}, {257: 0}],
    ids=str,
)
@pytest.mark.parametrize("compression", [RAW, DEFLATE, JPEG])
def test_tags_that_contradict_each_other_are_read_or_an_image_error(
    compression: int, tags: dict[int, int]
) -> None:
    with contextlib.suppress(ImageError):
        assert decoded(tiff(GREY, compression, tags)).shape == (224, 224, 3)


def test_of_several_pages_the_first_counts() -> None:
    white, black = (Image.new("L", (64, 64), level) for level in (255, 0))
    file = io.BytesIO()
    white.save(file, "TIFF", save_all=True, append_images=[black])
    assert decoded(file.getvalue()).min() == 255
