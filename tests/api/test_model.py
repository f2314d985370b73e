import pytest
from pytest_django import DjangoAssertNumQueries

from server.api.node import global_id
from server.classifier.card import EFFICIENTNET_LITE0
from tests.support.api import Api
from tests.support.stored import model_version

EVERYTHING = """
fragment Everything on Model {
  id name version isDefault isTeachable hasHeatMaps license source labelCount labels(first: 1000)
}
"""
SERVED = {
    "id": global_id("Model", "efficientnet-lite0@2"),
    "name": "efficientnet-lite0",
    "version": "2",
    "isDefault": True,
    "isTeachable": True,
    "hasHeatMaps": True,
    "license": "Apache-2.0",
    "source": EFFICIENTNET_LITE0.source,
    "labelCount": 1000,
    "labels": list(EFFICIENTNET_LITE0.labels),
}


def test_the_models_that_answer_today_are_listed_without_asking_the_database(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = api.execute("{ models { ...Everything } }" + EVERYTHING)

    assert answer.data["models"] == [SERVED]


def test_exactly_one_model_is_the_default(api: Api) -> None:
    models = api.execute("{ models { name isDefault } }").data["models"]

    assert [model["name"] for model in models if model["isDefault"]] == ["efficientnet-lite0"]


def test_a_model_is_found_by_its_name(
    api: Api, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        answer = api.execute('{ model(name: "efficientnet-lite0") { ...Everything } }' + EVERYTHING)

    assert answer.data["model"] == SERVED


@pytest.mark.parametrize("name", ["", "resnet50", "efficientnet-lite0@1", "EfficientNet-Lite0"])
def test_a_name_of_no_model_is_null(api: Api, name: str) -> None:
    answer = api.execute("query ($name: String!) { model(name: $name) { id } }", name=name)

    assert answer.data == {"model": None}


def test_a_retired_model_is_no_longer_listed_nor_found_by_name(api: Api) -> None:
    model_version("retired", "1")
    model_version("efficientnet-lite0", "0")

    answer = api.execute('{ models { version } model(name: "retired") { id } }')

    assert answer.data == {"models": [{"version": "2"}], "model": None}


@pytest.mark.parametrize(("first", "count"), [(0, 0), (1, 1), (100, 100), (1000, 1000)])
def test_as_many_labels_as_asked_for_in_the_order_of_the_outputs(
    api: Api, first: int, count: int
) -> None:
    document = "query ($n: Int!) { models { labels(first: $n) } }"

    labels = api.execute(document, n=first).data["models"][0]["labels"]

    assert labels == list(EFFICIENTNET_LITE0.labels[:count])


def test_a_hundred_labels_come_unless_another_count_is_asked_for(api: Api) -> None:
    labels = api.execute("{ models { labels } }").data["models"][0]["labels"]

    assert len(labels) == 100
    assert labels[:2] == ["tench", "goldfish"]


@pytest.mark.parametrize("first", [-1, 1001])
def test_a_count_of_labels_out_of_range_is_refused(api: Api, first: int) -> None:
    answer = api.execute("query ($n: Int!) { models { labels(first: $n) } }", n=first)

    assert answer.codes == ["BAD_USER_INPUT"]


def test_the_labels_of_a_request_have_a_budget(api: Api) -> None:
    twice = "{ models { a: labels(first: 1000) b: labels(first: 1000) } }"
    thrice = "{ models { a: labels(first: 1000) b: labels(first: 1000) c: labels(first: 1) } }"

    assert api.execute(twice).codes == []
    assert api.execute(thrice).codes == ["COST_LIMIT_EXCEEDED"]
