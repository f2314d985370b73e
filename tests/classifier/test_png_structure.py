"""PNGs taken apart: what makes pixels is kept, what is told is read, and the rest is left out."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import ImageUnreadable
from server.classifier.image_file import ImageLimits, open_image
from server.classifier.png_structure import MAX_CHUNKS, MAX_PROFILE_BYTES, TooManyChunks, take_apart
from server.classifier.preprocessing import decode
from tests.classifier.colour_profiles import DISPLAY_P3
from tests.classifier.pictures import encoded
from tests.classifier.png_pieces import chunk, png, profile_chunk, with_chunks

PLAIN = encoded("PNG")


def test_a_png_of_pixels_alone_is_not_copied() -> None:
    assert take_apart(PLAIN).file_bytes is PLAIN


def test_what_makes_no_pixels_is_left_out() -> None:
    told = chunk(b"tEXt", b"Comment\0hello") + profile_chunk(DISPLAY_P3) + chunk(b"acTL", bytes(8))
    parts = take_apart(with_chunks(PLAIN, told) + b"anything")
    assert parts.file_bytes == PLAIN
    assert parts.facts == {"icc_profile": DISPLAY_P3}


@pytest.mark.parametrize(
    "packed",
    [zlib.compress(bytes(MAX_PROFILE_BYTES + 1)), zlib.compress(DISPLAY_P3)[:50], b"no zlib", b""],
    ids=["too long", "cut", "not packed", "empty"],
)
def test_a_profile_that_can_not_be_unpacked_is_none(packed: bytes) -> None:
    told = chunk(b"iCCP", b"a profile\0\0" + packed)
    assert "icc_profile" not in take_apart(with_chunks(PLAIN, told)).facts


@pytest.mark.parametrize(
    ("kind", "depth", "told", "expected"),
    [
        (0, 1, b"\0\1", 255),
        (0, 2, b"\0\2", 170),
        (0, 4, b"\0\7", 119),
        (0, 8, b"\0\7", 7),
        (0, 16, b"\1\2", 258),
        (2, 8, b"\0\1\0\2\0\3", (1, 2, 3)),
        (2, 16, b"\1\2\3\4\5\6", (1, 3, 5)),
        (2, 8, b"\0\1", None),
        (3, 8, b"\0", None),
        (6, 8, b"\0\1\0\2\0\3", None),
    ],
)
def test_what_is_transparent_is_told_in_units_of_the_pixels(
    kind: int, depth: int, told: bytes, expected: object
) -> None:
    bands = {0: 1, 2: 3, 3: 1, 6: 4}[kind]
    whole = png(np.zeros((16, 16, bands), np.uint8), kind, depth, chunk(b"tRNS", told))
    assert take_apart(whole).facts.get("transparency") == expected


def test_more_chunks_than_an_encoder_makes_are_refused() -> None:
    crowded = with_chunks(PLAIN, chunk(b"tEXt", b"") * MAX_CHUNKS)
    with pytest.raises(TooManyChunks):
        take_apart(crowded)
    with pytest.raises(ImageUnreadable):
        open_image(crowded, ImageLimits())


@pytest.mark.parametrize("cut", [8, 16, 20, 25, 33, 40])
def test_a_header_that_is_cut_is_an_image_error(cut: int) -> None:
    with pytest.raises(ImageUnreadable):
        decode(with_chunks(PLAIN, chunk(b"tRNS", b"\0\0"))[:cut], EFFICIENTNET_LITE0, ImageLimits())


@pytest.mark.parametrize("content", [b"", b"\0", bytes(4), b"\xff" * 4], ids=repr)
@pytest.mark.parametrize("primaries", [b"", bytes(32), b"\xff" * 32, b"\0\0\0\1" * 8], ids=repr)
def test_a_gamma_without_sense_is_left_out(content: bytes, primaries: bytes) -> None:
    told = chunk(b"gAMA", content) + (chunk(b"cHRM", primaries) if primaries else b"")
    found = decode(with_chunks(PLAIN, told), EFFICIENTNET_LITE0, ImageLimits())
    assert (found.pixels == decode(PLAIN, EFFICIENTNET_LITE0, ImageLimits()).pixels).all()


def test_pillow_is_not_asked_for_what_is_told() -> None:
    with open_image(with_chunks(PLAIN, profile_chunk(DISPLAY_P3)), ImageLimits()) as opened:
        assert opened.image.info["icc_profile"] == DISPLAY_P3
    with Image.open(io.BytesIO(take_apart(PLAIN).file_bytes)) as image:
        assert image.info == {}
