"""What belongs to one account is out of reach of every other, wherever an id goes in or out.

The fields and arguments are read off the schema, so that a new one can't be forgotten here.
"""

from collections.abc import Callable

import pytest
from graphql import (
    GraphQLObjectType,
)

from server.api.node import global_id
from server.api.schema import schema
from server.predictions.models import Prediction
from tests.support.api import Answer, Api
from tests.support.mutations import error_codes, mutate, payload
from tests.support.owned import everything_of, node_id, teach_one, user
from tests.support.schema_walk import arguments, own_node_types, selections, takes_an_id
from tests.support.stored import store_prediction

CURSORS = {"after", "before"}
LABEL_OF_BOB = "a label that only bob was given"


@pytest.fixture
def prediction_of_alice(alice: Api) -> Prediction:
    alice.create_token("READ")
    prediction = store_prediction(user("alice"), confidence=0.5)
    teach_one("alice", "of alice", prediction)
    return prediction


@pytest.fixture
def prediction_of_bob(bob: Api) -> Prediction:
    bob.create_token("READ")
    prediction = store_prediction(user("bob"), label=LABEL_OF_BOB, confidence=0.5)
    teach_one("bob", LABEL_OF_BOB, prediction)
    return prediction


# What takes an id


def delete_prediction(alice: Api) -> Answer:
    key = user("bob").predictions.get().pk
    return mutate(alice, "deletePrediction", "deletedId", id=global_id("Prediction", key))


def correct_prediction(alice: Api) -> Answer:
    identity = global_id("Prediction", user("bob").predictions.get().pk)
    return mutate(alice, "correctPrediction", "prediction { id }", id=identity, label="a cat")


def remove_correction(alice: Api) -> Answer:
    identity = global_id("Prediction", user("bob").predictions.get().pk)
    return mutate(alice, "removeCorrection", "prediction { id }", id=identity)


def revoke_token(alice: Api) -> Answer:
    key = user("bob").api_tokens.get().pk
    return mutate(alice, "revokeApiToken", "apiToken { name }", id=global_id("ApiToken", key))


def with_ids(mutation: str, fields: str, **named: object) -> Callable[[Api], Answer]:
    """A mutation with ids of bob's, each named by the type of what it is of."""

    def send(alice: Api) -> Answer:
        options = {
            name: node_id(value[3:], "bob") if str(value).startswith("id ") else value
            for name, value in named.items()
        } | {
            name: [node_id(value[4:], "bob")]
            for name, value in named.items()
            if str(value).startswith("ids ")
        }
        return mutate(alice, mutation, fields, **options)

    return send


OF_MUTATIONS: dict[str, Callable[[Api], Answer]] = {
    "Mutation.correctPrediction": correct_prediction,
    "Mutation.correctPredictions": with_ids(
        "correctPredictions", "predictions { id }", predictions="ids Prediction", label="a cat"
    ),
    "Mutation.deletePrediction": delete_prediction,
    "Mutation.removeCorrection": remove_correction,
    "Mutation.removeCorrections": with_ids(
        "removeCorrections", "predictions { id }", predictions="ids Prediction"
    ),
    "Mutation.revokeApiToken": revoke_token,
    "Mutation.updateClassifier": with_ids(
        "updateClassifier", "classifier { id }", id="id Classifier", name="mine"
    ),
    "Mutation.deleteClassifier": with_ids("deleteClassifier", "deletedId", id="id Classifier"),
    "Mutation.trainClassifier": with_ids(
        "trainClassifier", "classifier { id } version { id }", classifier="id Classifier"
    ),
    "Mutation.useClassifierVersion": with_ids(
        "useClassifierVersion", "classifier { id } compared", id="id ClassifierVersion"
    ),
    "Mutation.addExamples": with_ids(
        "addExamples",
        "classifier { id }",
        classifier="id Classifier",
        label="mine",
        predictions="ids Prediction",
    ),
    "Mutation.relabelExamples": with_ids(
        "relabelExamples",
        "classifier { id }",
        classifier="id Classifier",
        label="mine",
        examples="ids Example",
    ),
    "Mutation.removeExamples": with_ids(
        "removeExamples", "classifier { id }", classifier="id Classifier", examples="ids Example"
    ),
    "Mutation.renameLabel": with_ids(
        "renameLabel", "label { id }", id="id ClassifierLabel", name="mine"
    ),
    "Mutation.removeLabel": with_ids(
        "removeLabel", "classifier { id } deletedId", id="id ClassifierLabel"
    ),
}
OF_QUERIES = {"Query.node", "Query.nodes"}  # asked with an id of every type below
OF_CURSORS = {
    f"{place}({argument})"
    for place in (
        "User.history",
        "User.classifiers",
        "Classifier.examples",
        "Classifier.versions",
    )
    for argument in ("after", "before")
}


def test_every_place_of_the_schema_that_takes_an_id_or_a_cursor_is_asked_here() -> None:
    ids, cursors = set(), set()
    for place, name, argument in arguments():
        if name in CURSORS:
            cursors.add(f"{place}({name})")
        elif takes_an_id(argument.type):
            ids.add(place)

    assert ids == {*OF_MUTATIONS, *OF_QUERIES}
    assert cursors == OF_CURSORS


@pytest.mark.parametrize("place", OF_MUTATIONS)
def test_a_mutation_with_the_id_of_another_account_is_not_found(
    alice: Api, prediction_of_bob: Prediction, place: str
) -> None:
    before = everything_of("bob")

    answer = OF_MUTATIONS[place](alice)

    assert error_codes(answer) == ["NOT_FOUND"]
    told = {str(value) for name, value in payload(answer).items() if name != "errors"}
    assert told <= {"None", "[]"}
    assert everything_of("bob") == before


@pytest.mark.parametrize("type_name", own_node_types())
def test_a_node_is_seen_by_its_owner_alone(
    alice: Api,
    bob: Api,
    api: Api,
    prediction_of_alice: Prediction,
    prediction_of_bob: Prediction,
    type_name: str,
) -> None:
    document = "query ($id: ID!) { node(id: $id) { __typename id } nodes(ids: [$id]) { id } }"
    id_of_bob = node_id(type_name, "bob")

    seen = bob.execute(document, id=id_of_bob)
    by_alice = alice.execute(document, id=id_of_bob)
    by_token = api.execute(document, token=alice.create_token("READ"), id=id_of_bob)
    by_nobody = api.execute(document, id=id_of_bob)

    node = {"__typename": type_name, "id": id_of_bob}
    assert seen.data == {"node": node, "nodes": [{"id": id_of_bob}]}
    assert by_alice.data == by_token.data == by_nobody.data == {"node": None, "nodes": [None]}


@pytest.mark.parametrize("type_name", [*own_node_types(), "PredictionCrop", "DailyUsage", ""])
def test_an_id_of_one_type_does_not_open_an_object_of_another(
    alice: Api, prediction_of_alice: Prediction, type_name: str
) -> None:
    # Alice may see all of these keys, each under its own type.
    for key in (user("alice").pk, prediction_of_alice.pk, user("alice").api_tokens.get().pk):
        answer = alice.execute(
            "query ($id: ID!) { node(id: $id) { __typename id } }", id=global_id(type_name, key)
        )

        node = answer.data["node"]
        assert node is None or node["__typename"] == type_name


@pytest.mark.parametrize("argument", sorted(CURSORS))
@pytest.mark.parametrize("order", ["NEWEST", "OLDEST", "MOST_CONFIDENT", "LEAST_CONFIDENT"])
def test_a_cursor_of_another_account_leads_into_the_own_history_alone(
    alice: Api, bob: Api, order: str, argument: str
) -> None:
    for name in ("alice", "bob", "alice", "bob", "alice"):
        store_prediction(user(name), label=f"of {name}", confidence=0.5)
    cursors = bob.execute(HISTORY, order=order).data["viewer"]["history"]["edges"]

    for edge in cursors:
        answer = alice.execute(HISTORY, order=order, **{argument: edge["cursor"]})

        history = answer.data["viewer"]["history"]
        assert {each["node"]["label"] for each in history["edges"]} <= {"of alice"}
        assert history["totalCount"] == 3


def test_a_crop_is_served_to_its_owner_alone(
    alice: Api, bob: Api, api: Api, prediction_of_bob: Prediction
) -> None:
    url = bob.execute("{ viewer { history { edges { node { image { url } } } } } }").data["viewer"][
        "history"
    ]["edges"][0]["node"]["image"]["url"]
    by_token = api.headers(alice.create_token("READ"))

    assert bob.http.get(url).status_code == 200
    for response in (alice.http.get(url), api.http.get(url), api.http.get(url, headers=by_token)):
        assert response.status_code == 404
        assert response.json() == {"error": "There is no such picture."}
        assert response["Cache-Control"] == "private, no-store"


# What returns an id


def test_nothing_that_the_viewer_can_reach_is_of_another_account(
    alice: Api, prediction_of_alice: Prediction, prediction_of_bob: Prediction
) -> None:
    viewer = schema._schema.type_map["User"]
    assert isinstance(viewer, GraphQLObjectType)
    fields = {
        name: f"{{ viewer {{ {name} {selection} }} }}" for name, selection in selections(viewer)
    }
    fields["classifier"] = f'{{ viewer {{ classifier(name: "{LABEL_OF_BOB}") {{ name }} }} }}'
    assert fields.keys() == viewer.fields.keys()
    # All of a classifier is more than a document may hold: its fields are asked for one by one.
    classifier = schema._schema.type_map["Classifier"]
    assert isinstance(classifier, GraphQLObjectType)
    fields["classifiers"] = "{ viewer { classifiers { edges { cursor } totalCount } } }"
    for name, selection in selections(classifier):
        nodes = f"nodes {{ {name} {selection} }}"
        fields[f"classifiers {name}"] = f"{{ viewer {{ classifiers {{ {nodes} }} }} }}"

    for document in fields.values():
        text = str(alice.execute(document).data)

        assert LABEL_OF_BOB not in text
        assert "bob@" not in text
        for type_name in own_node_types():
            assert node_id(type_name, "bob") not in text


def test_clearing_a_history_leaves_the_others(
    alice: Api, prediction_of_alice: Prediction, prediction_of_bob: Prediction
) -> None:
    before = everything_of("bob")

    answer = alice.execute("mutation { clearHistory { deletedCount errors { code } } }")

    assert answer.data["clearHistory"]["deletedCount"] == 1
    assert everything_of("bob") == before


@pytest.mark.usefixtures("classifier_is_ready")
def test_an_idempotency_key_of_another_account_is_no_answer_to_this_one(
    alice: Api, bob: Api, cat: bytes
) -> None:
    first = bob.predict(cat, idempotencyKey="the same").data["predict"]["prediction"]

    second = alice.predict(cat, idempotencyKey="the same").data["predict"]["prediction"]

    assert second["id"] != first["id"]
    assert user("alice").predictions.count() == user("bob").predictions.count() == 1


HISTORY = """
query ($order: HistoryOrder!, $after: String, $before: String) {
  viewer {
    history(orderBy: $order, after: $after, before: $before) {
      totalCount
      edges { cursor node { label } }
    }
  }
}
"""
