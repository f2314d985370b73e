import pytest

from server.api.node import global_id
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.stored import store_prediction, user_named

DELETE = """
mutation ($id: ID!) {
  deletePrediction(input: {id: $id}) { deletedId errors { code field retryAfterSeconds } }
}
"""


NOT_FOUND = {
    "deletedId": None,
    "errors": [{"code": "NOT_FOUND", "field": ["input", "id"], "retryAfterSeconds": None}],
}


@pytest.fixture
def hers(alice: Api) -> Prediction:
    return store_prediction(user_named("alice@example.org"))


def test_a_prediction_is_deleted_with_its_crop(alice: Api, hers: Prediction) -> None:
    kept = store_prediction(hers.user)
    identity = global_id("Prediction", hers.pk)

    answer = alice.execute(DELETE, id=identity)

    assert answer.data["deletePrediction"] == {"deletedId": identity, "errors": []}
    assert Prediction.objects.get() == kept
    assert PredictionCrop.objects.get().prediction == kept


def test_a_deleted_prediction_is_nowhere_any_more(alice: Api, hers: Prediction) -> None:
    identity = global_id("Prediction", hers.pk)
    alice.execute(DELETE, id=identity)

    again = alice.execute(DELETE, id=identity)
    found = alice.execute(
        "query ($id: ID!) { node(id: $id) { id } viewer { history { totalCount } } }", id=identity
    )

    assert again.data["deletePrediction"] == NOT_FOUND
    assert found.data == {"node": None, "viewer": {"history": {"totalCount": 0}}}
    assert alice.http.get(f"/predictions/{hers.pk}/crop.webp").status_code == 404


def test_nobody_deletes_the_prediction_of_another(bob: Api, hers: Prediction) -> None:
    answer = bob.execute(DELETE, id=global_id("Prediction", hers.pk))

    assert answer.data["deletePrediction"] == NOT_FOUND
    assert PredictionCrop.objects.get().prediction == hers


@pytest.mark.parametrize(
    "identity",
    [
        "",
        "garbage",
        "Prediction:1",
        global_id("User", 1),
        global_id("Prediction", "-1"),
        global_id("Prediction", "1e3"),
        global_id("Prediction", "\u0661"),
        global_id("Prediction", 2**63),
        global_id("Prediction", 2**63 - 1),
        global_id("Prediction", "9" * 5_000),
        global_id("Prediction", "\x00"),
    ],
)
def test_an_id_of_no_prediction_is_not_found(alice: Api, identity: str) -> None:
    answer = alice.execute(DELETE, id=identity)

    assert answer.data["deletePrediction"] == NOT_FOUND


def test_deleting_takes_a_session_or_a_token_that_may_manage(
    alice: Api, api: Api, hers: Prediction
) -> None:
    identity = global_id("Prediction", hers.pk)
    token = alice.create_token("READ", "PREDICT")

    by_token = api.execute(DELETE, token=token, id=identity)
    by_nobody = api.execute(DELETE, id=identity)

    assert by_token.codes == ["FORBIDDEN"]
    assert "MANAGE" in by_token.body["errors"][0]["message"]
    assert by_nobody.codes == ["UNAUTHENTICATED"]
    assert by_nobody.body["data"] == {"deletePrediction": None}
    assert Prediction.objects.count() == 1

    managing = api.execute(DELETE, token=alice.create_token("MANAGE"), id=identity)

    assert managing.data["deletePrediction"] == {"deletedId": identity, "errors": []}


def test_one_that_is_not_there_takes_nothing_from_the_others(alice: Api, hers: Prediction) -> None:
    answer = alice.execute(
        "mutation ($none: ID!, $hers: ID!) {"
        " first: deletePrediction(input: {id: $none}) { deletedId errors { code } }"
        " second: deletePrediction(input: {id: $hers}) { deletedId errors { code } } }",
        none=global_id("Prediction", hers.pk + 1),
        hers=global_id("Prediction", hers.pk),
    )

    assert answer.data["first"] == {"deletedId": None, "errors": [{"code": "NOT_FOUND"}]}
    assert answer.data["second"]["deletedId"] == global_id("Prediction", hers.pk)
