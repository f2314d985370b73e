"""Several objects by their ids: in their order, each once, with a query a type."""

import pytest
from pytest_django import DjangoAssertNumQueries

from server.api.node import global_id
from server.api.query import MAX_NODES
from tests.support.api import Api
from tests.support.stored import model_version, store_prediction, user_named

NODES = """
query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ... on Prediction { label model { name } }
    ... on Model { version }
  }
}
"""


@pytest.fixture
def prediction_ids(alice: Api) -> list[str]:
    user = user_named("alice@example.org")
    rows = [store_prediction(user, label=f"label {number}") for number in range(3)]
    return [global_id("Prediction", row.pk) for row in rows]


def test_come_in_the_order_of_their_ids_with_null_for_what_is_not_there(
    alice: Api, bob: Api, prediction_ids: list[str]
) -> None:
    hers = global_id("User", user_named("alice@example.org").pk)
    his = global_id("Prediction", store_prediction(user_named("bob@example.org")).pk)
    retired = model_version("retired", "7")
    ids = [
        *(prediction_ids[2], "garbage", hers, global_id("Model", "retired@7"), prediction_ids[0]),
        *(his, global_id("Crop", 1), global_id("Model", "efficientnet-lite0@2"), ""),
        *(global_id("ApiToken", 1), global_id("Model", "\x00@1"), prediction_ids[2]),
    ]

    found = alice.execute(NODES, ids=ids).data["nodes"]

    assert [node and node["__typename"] for node in found] == [
        *("Prediction", None, "User", "Model", "Prediction"),
        *(None, None, "Model", None),
        *(None, None, "Prediction"),
    ]
    assert [found[number]["label"] for number in (0, 4, 11)] == ["label 2", "label 0", "label 2"]
    assert found[3]["version"] == retired.version
    assert all(node["id"] == wanted for node, wanted in zip(found, ids, strict=True) if node)


def test_cost_a_query_a_type_however_many_there_are(
    alice: Api, prediction_ids: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # session, user, predictions
        alice.execute(NODES, ids=prediction_ids)


def test_are_bounded(alice: Api, prediction_ids: list[str]) -> None:
    assert alice.execute(NODES, ids=prediction_ids[:1] * MAX_NODES).codes == []
    assert alice.execute(NODES, ids=prediction_ids[:1] * (MAX_NODES + 1)).codes == [
        "BAD_USER_INPUT"
    ]
    aliases = " ".join(f"a{number}: nodes(ids: $ids) {{ id }}" for number in range(21))
    several = f"query ($ids: [ID!]!) {{ {aliases} }}"
    assert alice.execute(several, ids=["x"] * MAX_NODES).codes == ["COST_LIMIT_EXCEEDED"]


def test_models_are_everybodys_and_the_rest_takes_a_scope(
    api: Api, alice: Api, prediction_ids: list[str]
) -> None:
    model = global_id("Model", "efficientnet-lite0@2")
    token = alice.create_token("PREDICT")

    assert api.execute(NODES, ids=[model, *prediction_ids]).data["nodes"][1:] == [None] * 3
    assert api.execute(NODES, token=token, ids=[model]).data["nodes"][0]["id"] == model
    assert api.execute(NODES, token=token, ids=prediction_ids).codes == ["FORBIDDEN"]
