"""What every payload tells beside its own: who did it, and what a client's lists need."""

import pytest

from tests.support.api import PASSWORD, Api
from tests.support.mutations import mutate, payload

VIEWER = "viewer { email quota { used remaining } }"
PREDICT = """
mutation ($input: PredictInput!) {
  predict(input: $input) {
    prediction { id }
    predictionEdge { cursor node { id label } }
    viewer { quota { used remaining limit } }
    errors { code }
  }
}
"""
HISTORY = """
query ($after: String) {
  viewer { history(after: $after) { edges { cursor node { id label } } nodes { id label } } }
}
"""


def test_the_viewer_is_the_account_as_it_is_afterwards(api: Api) -> None:
    options = {"email": "carol@example.org", "password": PASSWORD}

    registered = payload(mutate(api, "register", VIEWER, **options))["viewer"]
    logged_out = payload(mutate(api, "logOut", VIEWER))
    logged_in = payload(mutate(api, "logIn", VIEWER, **options))["viewer"]
    refused = payload(mutate(api, "deletePrediction", VIEWER, id="none"))
    deleted = payload(mutate(api, "deleteAccount", VIEWER, currentPassword=PASSWORD))

    assert registered["email"] == logged_in["email"] == "carol@example.org"
    assert refused["viewer"] == logged_in
    assert logged_out["viewer"] is deleted["viewer"] is None


@pytest.mark.usefixtures("classifier_is_ready")
def test_a_prediction_comes_as_the_edge_that_the_history_would_have(alice: Api, cat: bytes) -> None:
    first, second = (alice.upload(cat, document=PREDICT).data["predict"] for _ in range(2))

    page = alice.execute(HISTORY).data["viewer"]["history"]
    after = alice.execute(HISTORY, after=second["predictionEdge"]["cursor"]).data["viewer"]

    assert page["edges"] == [second["predictionEdge"], first["predictionEdge"]]
    assert page["nodes"] == [edge["node"] for edge in page["edges"]]
    assert after["history"]["edges"] == [first["predictionEdge"]]
    quota = second["viewer"]["quota"]
    assert (quota["used"], quota["remaining"]) == (2, quota["limit"] - 2)


def test_where_nothing_was_predicted_there_is_no_edge(alice: Api) -> None:
    answer = alice.upload(b"no photo", document=PREDICT).data["predict"]

    assert answer["predictionEdge"] is answer["prediction"] is None
    assert [error["code"] for error in answer["errors"]] == ["IMAGE_FORMAT_UNSUPPORTED"]


@pytest.mark.usefixtures("classifier_is_ready")
def test_a_token_that_may_not_read_is_told_so_and_still_gets_its_answer(
    alice: Api, api: Api, cat: bytes
) -> None:
    answer = api.upload(cat, token=alice.create_token("PREDICT"), document=PREDICT)

    assert answer.codes == ["FORBIDDEN"]
    assert answer.body["errors"][0]["path"] == ["predict", "viewer"]
    assert answer.body["data"]["predict"]["prediction"] is not None


def test_null_stands_for_a_default(alice: Api) -> None:
    document = """
    query ($order: HistoryOrder, $size: Int) {
      models { labels(first: $size) }
      viewer {
        history(orderBy: $order) { edges { node { scores(first: $size) { label } } } }
        statistics { byLabel(first: $size) { count } perDay(last: $size) { count } }
      }
    }
    """
    constants = document.replace("$order)", "null)").replace("$size)", "null)")
    constants = constants.replace("query ($order: HistoryOrder, $size: Int)", "query")

    plain = alice.execute(document).data

    assert len(plain["models"][0]["labels"]) == 100
    assert alice.execute(document, order=None, size=None).data == plain
    assert alice.execute(constants).data == plain
