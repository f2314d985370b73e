import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from server.accounts.models import DailyUsage
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.pictures import encoded, plain

PAYLOAD = b"<?php system($_GET['c']); ?><script>alert(1)</script>"
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "BMP", "TIFF"]
REFUSALS = {
    "IMAGE_EMPTY",
    "IMAGE_TOO_LARGE",
    "IMAGE_TOO_SMALL",
    "IMAGE_FORMAT_UNSUPPORTED",
    "IMAGE_KIND_UNSUPPORTED",
    "IMAGE_IN_HDR",
    "IMAGE_UNREADABLE",
}


def assert_answered_or_refused(api: Api, image: bytes) -> str | None:
    """Return the code of the refusal; None where the image was predicted. Nothing lies between."""
    stored = Prediction.objects.count()

    payload = api.upload(image).data["predict"]

    codes = [error["code"] for error in payload["errors"]]
    kept = Prediction.objects.count() - stored
    assert PredictionCrop.objects.count() == Prediction.objects.count()
    used = DailyUsage.objects.values_list("predictions", flat=True).first() or 0
    assert used == Prediction.objects.count()
    if payload["prediction"] is None:
        assert kept == 0
        assert len(codes) == 1
        assert codes[0] in REFUSALS
        return codes[0]
    assert (kept, codes) == (1, [])
    return None


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9])
def test_a_truncated_photo_is_refused(
    alice: Api, cat: bytes, format_name: str, part: float
) -> None:
    with Image.open(io.BytesIO(cat)) as image:
        photo = encoded(image.convert("RGB"), format_name)

    code = assert_answered_or_refused(alice, photo[: int(len(photo) * part)])

    assert code == "IMAGE_UNREADABLE"


def test_a_bomb_of_zeros_is_refused_by_its_header(alice: Api) -> None:
    bomb = encoded(Image.new("L", (6_000, 5_000)), "PNG", compress_level=9)
    assert len(bomb) < 100_000

    assert assert_answered_or_refused(alice, bomb) == "IMAGE_TOO_LARGE"


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_polyglot_leaves_nothing_but_pixels(alice: Api, format_name: str) -> None:
    polyglot = plain(64, 64, format_name) + PAYLOAD + b"PK\x03\x04"

    assert assert_answered_or_refused(alice, polyglot) is None

    crop = bytes(PredictionCrop.objects.get().webp)
    assert b"<" + b"script" not in crop
    assert b"php" not in crop


@pytest.mark.parametrize("head", [b"<html>", b"PK\x03\x04", b"%PDF-1.7\n", b"\x00", b"BM"])
def test_a_picture_behind_something_else_is_no_picture(alice: Api, head: bytes) -> None:
    assert assert_answered_or_refused(alice, head + plain(64, 64)) == "IMAGE_FORMAT_UNSUPPORTED"


def test_a_mislabelled_picture_is_told_by_its_content(alice: Api) -> None:
    # Every upload of the client is called photo.jpg and image/jpeg.
    payload = alice.upload(plain(64, 64, "PNG")).data["predict"]

    assert payload["prediction"]["image"]["format"] == "PNG"


def test_an_animation_is_its_first_frame(alice: Api, cat: bytes) -> None:
    with Image.open(io.BytesIO(cat)) as image:
        frame = image.convert("RGB")
    black = Image.new("RGB", frame.size)
    animation = encoded(frame, "GIF", save_all=True, append_images=[black] * 20)

    payload = alice.upload(animation).data["predict"]

    assert payload["errors"] == []
    assert "cat" in payload["prediction"]["label"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "YCbCr"])
def test_every_mode_of_pixels_is_read(alice: Api, mode: str) -> None:
    format_name = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"

    assert (
        assert_answered_or_refused(alice, encoded(Image.new(mode, (64, 64)), format_name)) is None
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    format_name=st.sampled_from(FORMATS),
    place=st.floats(0, 1, exclude_max=True),
    noise=st.binary(min_size=1, max_size=20),
)
def test_damage_anywhere_is_answered_or_refused(
    alice: Api, format_name: str, place: float, noise: bytes
) -> None:
    image = bytearray(plain(96, 96, format_name))
    start = int(place * len(image))
    image[start : start + len(noise)] = noise

    assert_answered_or_refused(alice, bytes(image))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    head=st.sampled_from(
        [
            *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"GIF89a", b"II*\0"),
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
            b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
            b"BM" + bytes(12) + b"\x28\0\0\0",
        ]
    ),
    rest=st.binary(max_size=300),
)
def test_noise_behind_a_signature_is_refused(alice: Api, head: bytes, rest: bytes) -> None:
    assert_answered_or_refused(alice, head + rest)
