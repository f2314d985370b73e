"""A page costs a constant number of queries, whatever is selected and however many rows it has."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.support.api import Api
from tests.support.stored import model_version, store_predictions, user_named

SESSION_AND_USER = 2
EVERYTHING = """
fragment Everything on Prediction {
  id createdAt label confidence durationMs
  scores(first: 10) { label probability }
  image { width height format bytes sha256 url }
  model { id name version isDefault license source labelCount labels(first: 5) }
}
"""
PAGE = """
query Page($first: Int, $last: Int) {
  viewer { history(first: $first, last: $last) {
    edges { cursor node { ...Everything } }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  } }
}
"""


@pytest.fixture
def _history(alice: Api) -> None:
    """A hundred predictions, of the model that is served and of four that no longer are."""
    versions = [model_version(), *(model_version("retired", str(n)) for n in range(4))]
    store_predictions(
        user_named("alice@example.org"), [{"model_version": versions[n % 5]} for n in range(102)]
    )


@pytest.mark.usefixtures("_history")
@pytest.mark.parametrize("size", [0, 1])
def test_a_page_is_one_query(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    # The latest prediction is of a retired model, whose labels nobody asks for.
    document = "query ($n: Int) { viewer { history(first: $n) { edges { node { id label model {"
    document += " name version isDefault } } } pageInfo { hasNextPage hasPreviousPage } } } }"
    with django_assert_num_queries(SESSION_AND_USER + 1):
        answer = alice.execute(document, n=size)
    assert len(answer.data["viewer"]["history"]["edges"]) == size


@pytest.mark.usefixtures("_history")
@pytest.mark.parametrize("direction", ["first", "last"])
@pytest.mark.parametrize("size", [2, 20, 100])
def test_a_page_with_everything_selected_is_one_query_once_its_retired_models_are_known(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries, size: int, direction: str
) -> None:
    alice.execute(PAGE + EVERYTHING, **{direction: size})
    with django_assert_num_queries(SESSION_AND_USER + 1):
        answer = alice.execute(PAGE + EVERYTHING, **{direction: size})
    edges = answer.data["viewer"]["history"]["edges"]
    assert len(edges) == size
    assert {edge["node"]["model"]["labelCount"] for edge in edges} == {1000}


@pytest.mark.usefixtures("_history")
def test_the_other_side_and_the_total_are_a_query_each_when_asked_for(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = alice.execute(PAGE + EVERYTHING, first=60).data["viewer"]["history"]["pageInfo"]
    document = """query ($after: String) { viewer { history(after: $after) {
      totalCount edges { node { label } } pageInfo { hasNextPage hasPreviousPage } } } }"""

    with django_assert_num_queries(SESSION_AND_USER + 3):
        answer = alice.execute(document, after=page["endCursor"])

    connection = answer.data["viewer"]["history"]
    assert connection["totalCount"] == 102
    assert connection["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}


@pytest.mark.usefixtures("_history")
def test_a_page_reads_neither_embeddings_nor_labels_nor_crops(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(SESSION_AND_USER + 1) as captured:
        alice.execute("{ viewer { history { edges { node { label model { name } } } } } }")

    page = captured.captured_queries[-1]["sql"]
    assert "embedding" not in page
    assert "labels" not in page
    assert "crop" not in page


def test_a_node_with_everything_selected_is_two_queries(
    alice: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_predictions(
        user_named("alice@example.org"), [{"model_version": model_version("retired", "1")}]
    )
    identity = alice.execute("{ viewer { history { edges { node { id } } } } }").data["viewer"][
        "history"
    ]["edges"][0]["node"]["id"]
    document = "query ($id: ID!) { node(id: $id) { ...Everything } }"

    with django_assert_num_queries(SESSION_AND_USER + 2):
        answer = alice.execute(document + EVERYTHING, id=identity)

    assert answer.data["node"]["model"]["license"] == "Apache-2.0"


@pytest.mark.parametrize("key", [None, "once"])
def test_a_prediction_takes_few_queries(
    alice: Api, cat: bytes, django_assert_max_num_queries: DjangoAssertNumQueries, key: str | None
) -> None:
    alice.upload(cat)  # the first of a model version stores the version, too

    # Session, user, earlier answer, quota, version, savepoint, prediction, crop, count, savepoint.
    with django_assert_max_num_queries(10):
        alice.upload(cat, idempotencyKey=key)
