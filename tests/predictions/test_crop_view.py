import io

import pytest
from django.http import HttpResponse
from PIL import Image

from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.pictures import plain
from tests.support.stored import store_prediction, user_named

CROP = plain(224, 224, "JPEG")
OLD_CROP = plain(224, 224, "WEBP")


@pytest.fixture
def hers(alice: Api) -> Prediction:
    prediction = store_prediction(user_named("alice@example.org"))
    PredictionCrop.objects.update(webp=CROP)
    return prediction


def crop(client: Api, prediction: Prediction, token: str | None = None) -> HttpResponse:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.http.get(f"/predictions/{prediction.pk}/crop", headers=headers)


def test_the_owner_gets_the_crop_by_session(alice: Api, hers: Prediction) -> None:
    response = crop(alice, hers)

    assert response.status_code == 200
    assert response.content == CROP
    with Image.open(io.BytesIO(response.content)) as image:
        assert (image.format, image.size) == ("JPEG", (224, 224))


def test_the_owner_gets_the_crop_by_a_token_that_reads(
    alice: Api, api: Api, hers: Prediction
) -> None:
    response = crop(api, hers, alice.create_token("READ"))

    assert response.status_code == 200
    assert response.content == CROP


def test_the_crop_is_kept_by_the_owners_browser_alone(alice: Api, hers: Prediction) -> None:
    response = crop(alice, hers)

    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, max-age=3600, immutable"
    assert {"Cookie", "Authorization"} <= set(response["Vary"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response


def test_a_crop_of_an_earlier_version_is_told_as_the_webp_it_is(
    alice: Api, hers: Prediction
) -> None:
    PredictionCrop.objects.update(webp=OLD_CROP)

    response = crop(alice, hers)

    assert (response["Content-Type"], response.content) == ("image/webp", OLD_CROP)


def test_the_address_of_an_earlier_version_leads_to_the_crop(alice: Api, hers: Prediction) -> None:
    response = alice.http.get(f"/predictions/{hers.pk}/crop.webp")

    assert (response["Content-Type"], response.content) == ("image/jpeg", CROP)


def test_the_url_of_a_prediction_leads_to_its_crop(
    alice: Api, classifier_is_ready: None, cat: bytes
) -> None:
    answer = alice.upload(cat).data["predict"]["prediction"]

    response = alice.http.get(answer["image"]["url"])

    assert response.status_code == 200
    assert response.content == bytes(PredictionCrop.objects.get().webp)


def test_a_token_that_only_predicts_gets_no_crop(alice: Api, api: Api, hers: Prediction) -> None:
    assert_there_is_none(crop(api, hers, alice.create_token("PREDICT")))


def test_nobody_else_gets_the_crop(bob: Api, api: Api, hers: Prediction) -> None:
    assert_there_is_none(crop(bob, hers))
    assert_there_is_none(crop(api, hers))
    assert_there_is_none(crop(api, hers, bob.create_token("READ", "PREDICT")))


def test_a_token_is_the_only_identity_of_its_request(
    alice: Api, bob: Api, hers: Prediction
) -> None:
    assert_there_is_none(crop(alice, hers, bob.create_token("READ")))


@pytest.mark.parametrize("authorization", ["Bearer tt_wrong", "Bearer ", "Basic YTpi", "tt_"])
def test_a_wrong_token_is_refused_even_with_the_owners_session(
    alice: Api, hers: Prediction, authorization: str
) -> None:
    response = alice.http.get(
        f"/predictions/{hers.pk}/crop", headers={"Authorization": authorization}
    )

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Cache-Control"] == "private, no-store"
    assert response.json() == {"error": "The token is not valid."}


@pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**40])
def test_a_number_of_no_prediction_is_not_found(alice: Api, number: int) -> None:
    assert_there_is_none(alice.http.get(f"/predictions/{number}/crop"))


def test_head_tells_what_get_would(alice: Api, hers: Prediction) -> None:
    response = alice.http.head(f"/predictions/{hers.pk}/crop")

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(CROP))
    assert response.content == b""


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_crop_can_only_be_read(alice: Api, hers: Prediction, method: str) -> None:
    response = getattr(alice.http, method)(f"/predictions/{hers.pk}/crop")

    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert PredictionCrop.objects.count() == 1


def assert_there_is_none(response: HttpResponse) -> None:
    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"
    assert response.json() == {"error": "There is no such picture."}
    assert CROP not in response.content
