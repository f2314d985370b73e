import base64
import hashlib
import io
import json
from collections.abc import Callable

import numpy as np
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from PIL import ExifTags, Image

from server.accounts.models import DailyUsage
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.formats import SUPPORTED_FORMATS
from server.classifier.image_file import ImageLimits
from server.classifier.preprocessing import decode
from server.predictions.inference import inference
from server.predictions.models import ModelVersion, Prediction, PredictionCrop
from tests.support.api import PREDICT, Answer, Api
from tests.support.pictures import encoded
from tests.support.stored import store_prediction, user_named


def test_an_uploaded_photo_gets_its_label_and_is_stored(alice: Api, cat: bytes) -> None:
    before = timezone.now()

    payload = alice.upload(cat).data["predict"]

    assert payload["errors"] == []
    answer = payload["prediction"]
    assert answer["label"] == "tiger cat"
    assert 0 < answer["confidence"] <= 1
    assert 0 < answer["durationMs"] < 10_000
    assert before <= parse_datetime(answer["createdAt"]) <= timezone.now()
    assert answer["model"]["name"] == EFFICIENTNET_LITE0.name
    assert answer["model"]["version"] == EFFICIENTNET_LITE0.version
    assert answer["image"] == {
        "width": 451,
        "height": 300,
        "format": "PNG",
        "bytes": len(cat),
        "sha256": hashlib.sha256(cat).hexdigest(),
        "url": f"/predictions/{Prediction.objects.get().pk}/crop",
    }


@pytest.mark.parametrize(
    ("file_name", "label"),
    [
        ("chelsea.png", "tiger cat"),
        ("coffee.png", "espresso"),
        ("rocket.jpg", "missile"),
    ],
)
def test_a_real_photo_is_told_rightly_by_base64(
    alice: Api, photo: Callable[[str], bytes], file_name: str, label: str
) -> None:
    payload = alice.predict(photo(file_name)).data["predict"]

    assert payload["errors"] == []
    assert payload["prediction"]["label"] == label


@pytest.mark.parametrize("prefix", ["data:image/png;base64,", "data:;base64,", "\n", " "])
def test_base64_may_be_a_data_url_or_broken_into_lines(alice: Api, cat: bytes, prefix: str) -> None:
    text = prefix + base64.encodebytes(cat).decode()

    payload = alice.execute(PREDICT, input={"image": {"base64": text}}).data["predict"]

    assert payload["errors"] == []
    assert payload["prediction"]["image"]["sha256"] == hashlib.sha256(cat).hexdigest()


def test_the_stored_row_says_what_was_answered(alice: Api, cat: bytes) -> None:
    answer = alice.upload(cat).data["predict"]["prediction"]

    row = Prediction.objects.select_related("user", "model_version").get()
    assert row.user.email == "alice@example.org"
    assert (row.label, row.confidence) == (answer["label"], answer["confidence"])
    assert row.created_at == parse_datetime(answer["createdAt"])
    assert row.duration_ms == answer["durationMs"]
    assert (row.image_width, row.image_height) == (451, 300)
    assert (row.image_format, row.image_bytes) == ("PNG", len(cat))
    assert row.image_sha256 == answer["image"]["sha256"]
    assert row.idempotency_key is None
    assert [[score["label"], score["probability"]] for score in answer["scores"]] == row.scores[:5]
    assert ModelVersion.objects.get() == row.model_version
    assert row.model_version.labels == list(EFFICIENTNET_LITE0.labels)
    assert row.model_version.weights_sha256 == EFFICIENTNET_LITE0.weights_sha256
    assert DailyUsage.objects.get().predictions == 1


def test_a_prediction_reads_the_same_right_away_and_later(alice: Api, cat: bytes) -> None:
    answer = alice.upload(cat).data["predict"]["prediction"]

    later = alice.execute(
        """query ($id: ID!) { node(id: $id) { ... on Prediction {
             id createdAt label confidence durationMs
             scores { label probability } model { id name version }
             image { width height format bytes sha256 url } } } }""",
        id=answer["id"],
    )

    assert later.data["node"] == answer


def test_the_ten_best_scores_are_kept_in_order(alice: Api, cat: bytes) -> None:
    identity = alice.upload(cat).data["predict"]["prediction"]["id"]

    node = alice.execute(
        "query ($id: ID!) { node(id: $id) { ... on Prediction {"
        " label confidence scores(first: 10) { label probability } } } }",
        id=identity,
    ).data["node"]

    probabilities = [score["probability"] for score in node["scores"]]
    assert len(node["scores"]) == 10
    assert len({score["label"] for score in node["scores"]}) == 10
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0.5 < sum(probabilities) <= 1
    assert node["scores"][0] == {"label": node["label"], "probability": node["confidence"]}


@pytest.mark.parametrize(("first", "count"), [(0, 0), (1, 1), (10, 10)])
def test_as_many_scores_as_asked_for(alice: Api, cat: bytes, first: int, count: int) -> None:
    alice.upload(cat)
    answer = alice.execute(
        "query ($n: Int!) { viewer { history { edges { node { scores(first: $n) { label } }"
        " } } } }",
        n=first,
    )
    assert len(answer.data["viewer"]["history"]["edges"][0]["node"]["scores"]) == count


@pytest.mark.parametrize("first", [-1, 11])
def test_more_scores_than_are_kept_is_bad_input(alice: Api, cat: bytes, first: int) -> None:
    alice.upload(cat)
    answer = alice.execute(
        "query ($n: Int!) { viewer { history { edges { node { scores(first: $n) { label } }"
        " } } } }",
        n=first,
    )
    assert answer.codes == ["BAD_USER_INPUT"]


def test_the_crop_is_the_picture_the_model_saw(alice: Api, cat: bytes) -> None:
    alice.upload(cat)

    picture = bytes(PredictionCrop.objects.get().webp)
    seen = decode(cat, EFFICIENTNET_LITE0, ImageLimits()).pixels
    with Image.open(io.BytesIO(picture)) as crop:
        assert (crop.format, crop.size, crop.mode) == ("JPEG", (224, 224), "RGB")
        difference = np.abs(np.asarray(crop).astype(float) - seen.astype(float)).mean()
    assert difference < 4  # of 255, a pixel value on average
    assert len(picture) < 40_000


def test_a_turned_photo_is_set_upright_and_its_exif_is_not_kept(
    alice: Api, photo: Callable[[str], bytes]
) -> None:
    with Image.open(io.BytesIO(photo("rocket.jpg"))) as image:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        exif[ExifTags.Base.Artist] = "Somebody with a name"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
        sideways = encoded(image.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
        width, height = image.size

    answer = alice.upload(sideways).data["predict"]["prediction"]

    assert (answer["image"]["width"], answer["image"]["height"]) == (width, height)
    assert answer["label"] == "missile"
    picture = bytes(PredictionCrop.objects.get().webp)
    with Image.open(io.BytesIO(picture)) as crop:
        assert dict(crop.getexif()) == {}
        assert "icc_profile" not in crop.info
    assert b"Somebody" not in picture


def test_the_embedding_is_kept_as_1280_float16(alice: Api, cat: bytes) -> None:
    alice.upload(cat)

    stored = np.frombuffer(bytes(Prediction.objects.get().embedding), "<f2")
    exact = inference().classify(cat).classification.embedding
    assert stored.shape == (1280,)
    assert np.isfinite(stored).all()
    np.testing.assert_allclose(stored.astype(np.float32), exact, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("model", [None, EFFICIENTNET_LITE0.name])
def test_the_model_may_be_named_or_left_to_the_server(
    alice: Api, cat: bytes, model: str | None
) -> None:
    payload = alice.upload(cat, model=model).data["predict"]

    assert payload["errors"] == []
    assert payload["prediction"]["model"]["name"] == EFFICIENTNET_LITE0.name


@pytest.mark.parametrize("format_name", SUPPORTED_FORMATS)
def test_every_format_of_the_limits_is_read(alice: Api, cat: bytes, format_name: str) -> None:
    with Image.open(io.BytesIO(cat)) as image:
        photo = encoded(image.convert("RGB"), "HEIF" if format_name == "HEIC" else format_name)

    answer = alice.upload(photo).data["predict"]["prediction"]

    assert answer["image"]["format"] == format_name
    assert "cat" in answer["label"] or answer["label"] == "lynx"


def test_one_file_may_stand_in_two_mutations_of_a_request(alice: Api, cat: bytes) -> None:
    document = """
    mutation ($image: Upload!) {
      one: predict(input: {image: {upload: $image}}) { prediction { label } errors { code } }
      two: predict(input: {image: {upload: $image}}) { prediction { label } errors { code } }
    }"""

    form = {
        "operations": json.dumps({"query": document, "variables": {"image": None}}),
        "map": json.dumps({"photo": ["variables.image"]}),
        "photo": SimpleUploadedFile("photo.png", cat, "image/png"),
    }
    answer = Answer(alice.http.post("/graphql", form, headers=alice.headers()))

    expected = {"prediction": {"label": "tiger cat"}, "errors": []}
    assert answer.data == {"one": expected, "two": expected}
    assert Prediction.objects.count() == 2


def test_a_token_with_the_scope_predicts_for_its_owner(alice: Api, api: Api, cat: bytes) -> None:
    token = alice.create_token("PREDICT")

    payload = api.upload(cat, token=token).data["predict"]

    assert payload["errors"] == []
    assert Prediction.objects.get().user.email == "alice@example.org"


def test_nobody_predicts_anonymously(api: Api, cat: bytes) -> None:
    answer = api.predict(cat)

    assert answer.codes == ["UNAUTHENTICATED"]
    assert Prediction.objects.count() == 0


def test_a_token_without_the_scope_does_not_predict(alice: Api, api: Api, cat: bytes) -> None:
    answer = api.upload(cat, token=alice.create_token("READ"))

    assert answer.codes == ["FORBIDDEN"]
    assert Prediction.objects.count() == 0


def test_the_quota_counts_every_prediction(alice: Api, cat: bytes) -> None:
    alice.upload(cat)
    alice.predict(cat)

    quota = alice.execute("{ viewer { quota { used limit } } }").data["viewer"]["quota"]

    assert quota == {"used": 2, "limit": settings.PREDICTIONS_PER_DAY}


def test_a_label_is_told_with_what_it_means(alice: Api, cat: bytes) -> None:
    alice.upload(cat)

    answer = alice.execute(
        "{ viewer { history { edges { node { label description"
        " scores(first: 3) { label description } } } } } }"
    )

    (edge,) = answer.data["viewer"]["history"]["edges"]
    glosses = EFFICIENTNET_LITE0.gloss_by_label
    assert edge["node"]["description"] == glosses[edge["node"]["label"]]
    assert len(edge["node"]["scores"]) == 3
    for score in edge["node"]["scores"]:
        assert score["description"] == glosses[score["label"]]


def test_a_label_that_no_model_has_today_is_told_without(alice: Api) -> None:
    store_prediction(user_named("alice@example.org"), label="Cardigan")

    answer = alice.execute("{ viewer { history { edges { node { label description } } } } }")

    (edge,) = answer.data["viewer"]["history"]["edges"]
    assert edge["node"] == {"label": "Cardigan", "description": None}
