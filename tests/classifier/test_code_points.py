"""Code points for colours: HDR is refused by name, whatever the file; the rest is in the table."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.code_points import code_point_profile
from server.classifier.colours import in_srgb
from server.classifier.errors import ImageInHdr
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode
from tests.classifier.colour_profiles import DISPLAY_P3
from tests.classifier.png_pieces import chunk, with_chunks
from tests.classifier.table_of_pictures import encoded, with_code_points

SMALL = Image.linear_gradient("L").convert("RGB").resize((64, 48))


def coded(format_name: str, primaries: int, transfer: int) -> bytes:
    file = encoded(SMALL, format_name)
    if format_name == "PNG":
        return with_chunks(file, chunk(b"cICP", bytes([primaries, transfer, 0, 1])))
    return with_code_points(file, primaries, transfer)


@pytest.mark.parametrize(("transfer", "name"), [(16, "PQ"), (18, "HLG")])
@pytest.mark.parametrize(
    ("format_name", "told"), [("PNG", "PNG"), ("AVIF", "AVIF"), ("HEIF", "HEIC")]
)
def test_hdr_is_refused_by_name(format_name: str, told: str, transfer: int, name: str) -> None:
    with pytest.raises(ImageInHdr) as raised:
        decode(coded(format_name, 9, transfer), EFFICIENTNET_LITE0, ImageLimits())
    assert raised.value.kind == f"{told} in HDR ({name})"


@pytest.mark.parametrize("numbers", [(12, 13), (9, 14), (5, 5)])
def test_a_heic_is_seen_as_the_avif_of_the_same_numbers(
    photo: Callable[[str], bytes], numbers: tuple[int, int]
) -> None:
    with Image.open(io.BytesIO(photo("coffee.png"))) as image:
        small = image.convert("RGB").resize((96, 64))
    heic = with_code_points(encoded(small, "HEIF", quality=95, chroma=444), *numbers)
    avif = with_code_points(encoded(small, "AVIF", quality=95, subsampling="4:4:4"), *numbers)
    seen = [
        decode(file, EFFICIENTNET_LITE0, ImageLimits()).pixels.astype(int) for file in (heic, avif)
    ]
    assert abs(seen[0] - seen[1]).mean() < 2


def test_a_profile_of_an_avif_counts_before_its_code_points() -> None:
    profiled = encoded(SMALL, "AVIF", icc_profile=DISPLAY_P3)
    assert b"nclx" in profiled
    expected = decode(profiled, EFFICIENTNET_LITE0, ImageLimits()).pixels
    pq = with_code_points(profiled, 9, 16)
    assert (decode(pq, EFFICIENTNET_LITE0, ImageLimits()).pixels == expected).all()


def test_numbers_of_a_screen_and_unknown_ones_need_no_conversion() -> None:
    for numbers in ((1, 13), (2, 2), (77, 13), (1, 77)):
        assert code_point_profile(*numbers, is_video=False) is None
    assert code_point_profile(1, 1, is_video=True) is None
    assert code_point_profile(1, 1, is_video=False) is not None


def test_linear_light_is_bright_on_a_screen() -> None:
    linear = code_point_profile(1, 8, is_video=False)
    assert in_srgb(Image.new("RGB", (1, 1), (128, 128, 128)), linear).getpixel((0, 0)) == (188,) * 3
