import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from server.accounts.models import DailyUsage
from server.classifier.image_file import MAX_PIXELS
from server.predictions.models import Prediction, PredictionCrop
from tests.classifier.png_pieces import chunk, with_chunks
from tests.support.api import PREDICT, Answer, Api
from tests.support.pictures import plain, png_that_claims

IMAGE = ["input", "image"]
IN_HDR = with_chunks(plain(64, 64), chunk(b"cICP", bytes([9, 16, 0, 1])))
OF_TILES = plain(64, 64, "AVIF").replace(b"av01Color", b"gridColor")


def assert_nothing_is_stored() -> None:
    assert Prediction.objects.count() == 0
    assert PredictionCrop.objects.count() == 0
    assert DailyUsage.objects.count() == 0


def the_error(answer: Answer) -> dict:
    payload = answer.data["predict"]
    assert payload["prediction"] is None
    (error,) = payload["errors"]
    assert error["message"]
    return error


@pytest.mark.parametrize("way", ["upload", "predict"])
@pytest.mark.parametrize(
    ("image", "code", "message"),
    [
        (b"", "IMAGE_EMPTY", "empty"),
        (plain(15, 400), "IMAGE_TOO_SMALL", "15 × 400"),
        (plain(400, 15), "IMAGE_TOO_SMALL", "400 × 15"),
        (plain(1, 1), "IMAGE_TOO_SMALL", "1 × 1"),
        (plain(20_000, 1), "IMAGE_TOO_SMALL", "20000 × 1"),
        (png_that_claims(50_000, 50_000), "IMAGE_TOO_LARGE", f"{MAX_PIXELS:,}"),
        (png_that_claims(5_001, 5_000), "IMAGE_TOO_LARGE", "25,005,000 pixels"),
        (plain(64, 64, "PPM"), "IMAGE_FORMAT_UNSUPPORTED", "JPEG, PNG, WEBP, GIF, AVIF, HEIC"),
        (b"no picture at all", "IMAGE_FORMAT_UNSUPPORTED", "This is no image we can read."),
        (b"\xff\x0a\xfa\x1f\x41", "IMAGE_FORMAT_UNSUPPORTED", "This is JPEG XL, and no image"),
        (b"<svg width='64'/>", "IMAGE_FORMAT_UNSUPPORTED", "This is SVG, and no image we can"),
        (IN_HDR, "IMAGE_IN_HDR", "This is PNG in HDR (PQ), which we can't read."),
        (OF_TILES, "IMAGE_KIND_UNSUPPORTED", "This is AVIF made of tiles, which we can't"),
        (plain(64, 64)[:60], "IMAGE_UNREADABLE", "The PNG is damaged or incomplete."),
        (plain(640, 640, "JPEG")[:900], "IMAGE_UNREADABLE", "The JPEG is damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_image_at_fault_is_refused_with_its_code(
    alice: Api, way: str, image: bytes, code: str, message: str
) -> None:
    error = the_error(getattr(alice, way)(image))

    assert error["code"] == code
    assert message in error["message"]
    assert error["field"] == IMAGE
    assert_nothing_is_stored()


@pytest.mark.parametrize("way", ["upload", "predict"])
def test_an_image_of_too_many_bytes_is_refused(alice: Api, way: str) -> None:
    image = plain(64, 64) + bytes(settings.MAX_UPLOAD_BYTES)

    error = the_error(getattr(alice, way)(image))

    assert error["code"] == "IMAGE_TOO_LARGE"
    assert f"{len(image):,} bytes" in error["message"]
    assert f"{settings.MAX_UPLOAD_BYTES:,}" in error["message"]
    assert_nothing_is_stored()


def test_an_image_of_just_the_allowed_bytes_is_taken(alice: Api) -> None:
    image = plain(64, 64)
    image += bytes(settings.MAX_UPLOAD_BYTES - len(image))

    assert alice.predict(image).data["predict"]["errors"] == []


@pytest.mark.parametrize(
    "text",
    ["no base64!", "abcde", "data:image/png;base64,§", "data:image/svg+xml,<svg/>", "YQ==YQ=="],
)
def test_what_is_not_base64_is_refused(alice: Api, text: str) -> None:
    error = the_error(alice.execute(PREDICT, input={"image": {"base64": text}}))

    assert error["code"] == "IMAGE_BASE64_INVALID"
    assert error["field"] == [*IMAGE, "base64"]
    assert_nothing_is_stored()


@pytest.mark.parametrize("text", ["", " \n", "data:image/png;base64,", "data:"])
def test_base64_of_nothing_is_an_empty_image(alice: Api, text: str) -> None:
    error = the_error(alice.execute(PREDICT, input={"image": {"base64": text}}))

    assert error["code"] == "IMAGE_EMPTY"


@pytest.mark.parametrize("model", ["", "resnet50", "efficientnet-lite0@1", "EFFICIENTNET-LITE0"])
def test_an_unknown_model_is_refused(alice: Api, cat: bytes, model: str) -> None:
    error = the_error(alice.upload(cat, model=model))

    assert error["code"] == "MODEL_UNKNOWN"
    assert error["field"] == ["input", "model"]
    assert_nothing_is_stored()


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_an_idempotency_key_that_is_empty_or_too_long_is_refused(
    alice: Api, cat: bytes, key: str
) -> None:
    error = the_error(alice.upload(cat, idempotencyKey=key))

    assert error["code"] == "IDEMPOTENCY_KEY_INVALID"
    assert "255" in error["message"]
    assert error["field"] == ["input", "idempotencyKey"]
    assert_nothing_is_stored()


@pytest.mark.parametrize("key", ["k" * 255, " ", "ü" * 255, "😀" * 255, "'; DROP TABLE--"])
def test_an_idempotency_key_may_be_any_text_of_up_to_255_characters(
    alice: Api, cat: bytes, key: str
) -> None:
    assert alice.upload(cat, idempotencyKey=key).data["predict"]["errors"] == []
    assert Prediction.objects.get().idempotency_key == key


def test_a_spent_quota_is_said_with_its_end(alice: Api, cat: bytes) -> None:
    with override_settings(PREDICTIONS_PER_DAY=1):
        assert alice.upload(cat).data["predict"]["errors"] == []
        error = the_error(alice.upload(cat))

    assert error["code"] == "QUOTA_SPENT"
    assert "1 predictions are spent" in error["message"]
    assert "00:00 UTC" in error["message"]
    assert error["field"] == ["input"]
    assert Prediction.objects.count() == 1


def test_an_image_at_fault_costs_no_quota(alice: Api) -> None:
    with override_settings(PREDICTIONS_PER_DAY=1):
        the_error(alice.upload(b"no image"))
        quota = alice.execute("{ viewer { quota { used } } }").data["viewer"]["quota"]

    assert quota == {"used": 0}


@pytest.mark.parametrize(
    "image",
    [
        {},
        {"base64": "YQ==", "upload": None},
        {"base64": None},
        {"upload": None},
        {"upload": "YQ=="},
    ],
)
def test_an_image_comes_in_exactly_one_way(alice: Api, image: dict[str, Any]) -> None:
    answer = alice.execute(PREDICT, input={"image": image})

    assert answer.codes == ["BAD_USER_INPUT"]
    assert_nothing_is_stored()


def test_a_nul_in_the_key_is_refused_however_it_is_written(alice: Api, cat: bytes) -> None:
    document = """
    mutation ($image: String!) {
      predict(input: {idempotencyKey: "a\\u{0}b", image: {base64: $image}}) {
        prediction { id } errors { code message field }
      }
    }"""

    answer = alice.execute(document, image=base64.b64encode(cat).decode())

    if not answer.codes:
        assert the_error(answer)["code"] == "IDEMPOTENCY_KEY_INVALID"
    else:
        assert answer.codes == ["BAD_USER_INPUT"]
    assert_nothing_is_stored()
