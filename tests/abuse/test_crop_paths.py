"""The attacker wants another's picture, or a cache to take it for a public file, by odd paths."""

import pytest

from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.stored import store_prediction, user_named

CROP = b"RIFF a picture of alice WEBP"


@pytest.fixture
def hers(alice: Api) -> Prediction:
    prediction = store_prediction(user_named("alice@example.org"))
    PredictionCrop.objects.update(webp=CROP)
    return prediction


ODD_PATHS = [
    "/predictions/{id}/crop.webp/",
    "/predictions/{id}/crop.webp/x.css",
    "/predictions/{id}/crop.webp%2Fx.css",
    "/predictions/{id}/crop.webp;x.css",
    "/predictions/{id}/crop.webp%3Bx.css",
    "/predictions/{id}/crop.webp%00.css",
    "/predictions/{id}/crop.webp%0A",
    "/predictions/{id}/crop.webp%0D%0ASet-Cookie:%20a=b",
    "/predictions/{id}/crop.webp%20",
    "/predictions/{id}/CROP.WEBP",
    "/predictions/{id}%2Fcrop.webp/",
    "/predictions//{id}/crop.webp",
    "/predictions/./{id}/crop.webp",
    "/predictions/x/../{id}/crop.webp",
    "/static/../predictions/{id}/crop.webp",
    "/static/%2e%2e/predictions/{id}/crop.webp",
    "/predictions/%2e%2e/predictions/{id}/crop.webp",
    "/predictions/..%5C{id}/crop.webp",
    "/predictions/+{id}/crop.webp",
    "/predictions/-{id}/crop.webp",
    "/predictions/ {id}/crop.webp",
    "/predictions/{id}.0/crop.webp",
    "/predictions/{id}e0/crop.webp",
    "/predictions/{id}_/crop.webp",
    "/predictions/{id},{id}/crop.webp",
    "/predictions/0x1/crop.webp",
    "/predictions/%D9%A1/crop.webp",  # an Arabic one
    "/predictions/%EF%BC%91/crop.webp",  # a wide one
    "/predictions/%C2%B9/crop.webp",  # a superscript one
    "/predictions/%FF/crop.webp",
    "/predictions/{id}'--/crop.webp",
    "/predictions/" + "9" * 4_000 + "/crop.webp",
    "/predictions/" + "9" * 5_000 + "/crop.webp",
    "/predictions/9223372036854775808/crop.webp",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_there_is_one_path_to_a_picture_and_all_others_lead_nowhere(
    alice: Api, hers: Prediction, path: str
) -> None:
    # Even to the owner: what she gets by such a path, a cache on the way may keep for everybody.
    response = alice.http.get(path.replace("{id}", str(hers.pk)))

    assert response.status_code == 404
    assert CROP not in response.content


@pytest.mark.parametrize("number", ["0{id}", "00000000000000000000{id}"])
def test_leading_zeros_are_the_same_picture_to_the_same_person(
    alice: Api, bob: Api, api: Api, hers: Prediction, number: str
) -> None:
    path = f"/predictions/{number.replace('{id}', str(hers.pk))}/crop.webp"

    assert alice.http.get(path)["Cache-Control"].startswith("private")
    assert [client.http.get(path).status_code for client in (bob, api)] == [404, 404]


@pytest.mark.parametrize("suffix", ["?x.css", "?v=1#x.css", "?id=2&prediction_id=2"])
def test_what_follows_the_path_changes_nothing(
    alice: Api, bob: Api, hers: Prediction, suffix: str
) -> None:
    path = f"/predictions/{hers.pk}/crop.webp{suffix}"

    assert alice.http.get(path).content == CROP
    assert bob.http.get(path).status_code == 404


def test_every_picture_of_another_looks_like_one_that_never_was(bob: Api, hers: Prediction) -> None:
    hers_answer = bob.http.get(f"/predictions/{hers.pk}/crop.webp")
    none = bob.http.get(f"/predictions/{hers.pk + 1_000}/crop.webp")

    assert (hers_answer.status_code, hers_answer.content) == (none.status_code, none.content)
    volatile = {"X-Request-Id"}
    assert {name: value for name, value in hers_answer.headers.items() if name not in volatile} == {
        name: value for name, value in none.headers.items() if name not in volatile
    }
