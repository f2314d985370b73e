import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.accounts.models import User
from server.api.node import global_id
from server.teaching.training import train_classifier
from tests.support.api import Api
from tests.support.mutations import mutate, payload
from tests.support.taught import stored_picture, taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")

HISTORY = """
query ($model: String!) { viewer { history(first: 20) { nodes {
  id isKnown readAs(model: $model) { label confidence isKnown model version scores { probability } }
} } } }
"""


def test_a_page_of_history_with_it_costs_one_query_more(alice: Api, alice_user: User) -> None:
    taught(alice_user, {"fern": 5, "moss": 5})
    alice.execute(HISTORY, model="plants")  # keeps the head
    without = "{ viewer { history(first: 20) { nodes { id isKnown } } } }"
    with CaptureQueriesContext(connection) as plain:
        alice.execute(without)
    with CaptureQueriesContext(connection) as read:
        nodes = alice.execute(HISTORY, model="plants").data["viewer"]["history"]["nodes"]

    assert len(nodes) == 10
    assert {node["readAs"]["label"] for node in nodes} == {"fern", "moss"}
    asked = [query for query in read.captured_queries if "embedding" in query["sql"]]
    assert len(asked) == 1
    assert len(read) <= len(plain) + 1


def test_each_of_several_models_reads_the_page_once(alice: Api, alice_user: User) -> None:
    taught(alice_user, {"fern": 2, "moss": 2})
    fields = 'a: readAs(model: "plants") { label } b: readAs(model: "efficientnet-lite0") { label }'
    with CaptureQueriesContext(connection) as queries:
        answer = alice.execute(f"{{ viewer {{ history {{ nodes {{ {fields} }} }} }} }}")

    assert len(answer.data["viewer"]["history"]["nodes"]) == 4
    assert sum("prediction.embedding" in query["sql"] for query in queries.captured_queries) == 2


def test_a_model_that_is_none_or_not_trained_is_told(
    alice: Api, bob: Api, alice_user: User
) -> None:
    teach(alice_user, {"fern": 2})
    theirs = User.objects.get(email="bob@example.org")
    taught(theirs, {"wolf": 2, "bear": 2}, name="animals")

    for name in ("plants", "animals", "nothing", "\x00", "a" * 1000):
        answer = alice.execute(HISTORY, model=name)
        assert set(answer.codes) == {"BAD_USER_INPUT"}


def test_what_a_version_would_change_is_told_and_the_way_back_is_the_same(
    alice: Api, alice_user: User
) -> None:
    plants = taught(alice_user, {"fern": 3, "moss": 3})
    first = global_id("ClassifierVersion", plants.current_version_id)
    oak = stored_picture(alice_user, "oak")
    teach(alice_user, {"oak": 3})
    version = train_classifier(alice_user, plants.pk, use=False)
    fields = (
        "compared changes { predictionId before { isKnown version } after { label isKnown } } "
        "classifier { currentVersion { number } }"
    )
    second = global_id("ClassifierVersion", version.pk)

    compared = payload(mutate(alice, "useClassifierVersion", fields, id=second, onlyCompare=True))
    used = payload(mutate(alice, "useClassifierVersion", fields, id=second))
    back = payload(mutate(alice, "useClassifierVersion", fields, id=first))

    change = next(
        each
        for each in compared["changes"]
        if each["predictionId"] == global_id("Prediction", oak.pk)
    )
    assert change["before"]["isKnown"] is False
    assert change["after"]["label"] == "oak"
    assert compared["compared"] == 10
    numbers = [each["classifier"]["currentVersion"]["number"] for each in (compared, used, back)]
    assert numbers == [1, 2, 1]


def test_a_model_that_was_taught_is_a_node_of_its_owner_alone(
    alice: Api, bob: Api, alice_user: User, cat: bytes
) -> None:
    taught(alice_user, {"fern": 2, "moss": 2})
    asked = "{ node(id: %s) { ... on Model { name labels } } }"
    alice.predict(cat, model="plants")
    model = alice.execute("{ viewer { history(first: 1) { nodes { model { id } } } } }").data[
        "viewer"
    ]["history"]["nodes"][0]["model"]["id"]

    mine, theirs = (client.execute(asked % f'"{model}"').data for client in (alice, bob))

    assert mine["node"] == {"name": "plants", "labels": ["fern", "moss"]}
    assert theirs["node"] is None
