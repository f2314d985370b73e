"""A group of photos is named at once, and taught with."""

from collections.abc import Sequence
from typing import Any

import pytest
from pytest_django import Settings

from server.accounts.models import User
from server.api.node import global_id
from server.predictions.models import Prediction
from server.teaching.models import Classifier, Example
from tests.support.api import Answer, Api
from tests.support.embeddings import embedding_of
from tests.support.mutations import mutate, payload
from tests.support.stored import store_prediction
from tests.support.taught import stored_picture, teach

FIELDS = "predictions { id label correction { label } } examples { label { name } }"


@pytest.fixture
def plants(alice_user: User) -> Classifier:
    return teach(alice_user, {"fern": 2, "moss": 2})


def node_id(classifier: Classifier) -> str:
    return global_id("Classifier", classifier.pk)


def ids(predictions: Sequence[Prediction]) -> list[str]:
    return [global_id("Prediction", each.pk) for each in predictions]


def correct(client: Api, predictions: Sequence[Prediction], label: str, **options: object) -> Any:  # noqa: ANN401 - a payload
    answer = mutate(
        client, "correctPredictions", FIELDS, predictions=ids(predictions), label=label, **options
    )
    return payload(answer)


def codes(told: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in told["errors"]]


def test_many_are_named_at_once_in_their_order_and_found_by_it(
    alice: Api, alice_user: User
) -> None:
    rows = [store_prediction(alice_user, label=label) for label in ("pot", "tabby", "pot")]
    search = '{ viewer { history(filter: {search: "red FOX"}) { nodes { id } } } }'

    told = correct(alice, [rows[2], rows[0], rows[1], rows[0]], "Red Fox")

    assert told["errors"] == []
    assert [each["id"] for each in told["predictions"]] == ids([rows[2], rows[0], rows[1]])
    assert {each["correction"]["label"] for each in told["predictions"]} == {"red fox"}
    assert [each["label"] for each in told["predictions"]] == ["pot", "pot", "tabby"]
    found = alice.execute(search).data["viewer"]["history"]["nodes"]
    assert {each["id"] for each in found} == set(ids(rows))


def test_an_answer_that_says_so_already_is_left_without_a_correction(
    alice: Api, alice_user: User
) -> None:
    said, other = (store_prediction(alice_user, label=label) for label in ("tabby", "lynx"))
    correct(alice, [said], "Tom")

    told = correct(alice, [said, other], " TABBY ")

    assert [each["correction"] for each in told["predictions"]] == [None, {"label": "tabby"}]
    said.refresh_from_db()
    assert (said.correction, said.corrected_at, said.search_text) == (None, None, None)


@pytest.mark.parametrize("label", ["", " \u200b ", "x" * 101])
def test_what_can_be_no_correction_changes_none(alice: Api, alice_user: User, label: str) -> None:
    row = store_prediction(alice_user)

    told = correct(alice, [row], label)

    assert codes(told) == [("CORRECTION_INVALID", ["input", "label"])]
    assert told["predictions"] == []


def test_where_one_is_not_there_none_is_changed(alice: Api, bob: Api, alice_user: User) -> None:
    hers = store_prediction(alice_user)
    theirs = store_prediction(User.objects.get(email="bob@example.org"))

    told = correct(alice, [hers, theirs], "Tom")
    removed = payload(mutate(alice, "removeCorrections", "predictions { id }", predictions=["x"]))

    assert codes(told) == codes(removed) == [("NOT_FOUND", ["input", "predictions"])]
    assert not Prediction.objects.exclude(correction=None).exists()


def test_how_many_of_a_call_are_bounded(alice: Api, alice_user: User) -> None:
    row = store_prediction(alice_user)

    def send(mutation: str, **options: object) -> Answer:
        return mutate(alice, mutation, predictions=ids([row] * 101), **options)

    assert send("correctPredictions", label="Tom").codes == ["BAD_USER_INPUT"]
    assert send("removeCorrections").codes == ["BAD_USER_INPUT"]
    assert correct(alice, [row] * 100, "Tom")["errors"] == []


def test_corrections_of_many_are_taken_back(alice: Api, alice_user: User) -> None:
    rows = [store_prediction(alice_user, label=label) for label in ("pot", "tabby")]
    correct(alice, rows, "Tom")

    for _ in range(2):  # the second finds nothing to take back
        told = payload(
            mutate(
                alice,
                "removeCorrections",
                "predictions { id correction { label } }",
                predictions=ids(rows),
            )
        )
        assert told["errors"] == []
        assert told["predictions"] == [
            {"id": identity, "correction": None} for identity in ids(rows)
        ]


def test_a_group_becomes_examples_of_a_label_and_one_known_is_moved_there(
    alice: Api, alice_user: User, plants: Classifier
) -> None:
    new = [stored_picture(alice_user, "fern") for _ in range(3)]
    twice = stored_picture(alice_user, "fern", image_sha256=new[0].image_sha256)
    known = plants.examples.filter(label__name="moss").select_related("prediction").first()

    told = correct(
        alice,
        [*new, twice, known.prediction],
        "FERN",
        classifier=node_id(plants),
    )

    assert told["errors"] == []
    assert told["examples"] == [{"label": {"name": "fern"}}] * 4
    assert plants.examples.filter(label__name="fern").count() == 6
    assert plants.examples.filter(label__name="moss").count() == 1


def test_which_of_a_group_look_the_same_is_told(
    alice: Api, alice_user: User, plants: Classifier
) -> None:
    embedding = embedding_of("fern")
    rows = [stored_picture(alice_user, "fern", embedding=embedding) for _ in range(2)]
    near = "nearDuplicates { example { label { name } } other { label { name } } similarity }"
    group = {"predictions": ids(rows), "label": "ivy", "classifier": node_id(plants)}

    corrected = payload(mutate(alice, "correctPredictions", near, **group))
    added = payload(
        mutate(
            alice,
            "addExamples",
            near,
            classifier=node_id(plants),
            label="moss",
            predictions=ids([stored_picture(alice_user, "fern", embedding=embedding)]),
        )
    )

    [pair] = corrected["nearDuplicates"]
    assert pair["example"] == pair["other"] == {"label": {"name": "ivy"}}
    [pair] = added["nearDuplicates"]
    assert (pair["example"], pair["other"]) == (
        {"label": {"name": "moss"}},
        {"label": {"name": "ivy"}},
    )
    assert pair["similarity"] == pytest.approx(1, abs=1e-3)


def test_where_one_can_be_no_example_none_is_corrected_or_taught(
    alice: Api, alice_user: User, plants: Classifier, settings: Settings
) -> None:
    settings.EXAMPLES_PER_ACCOUNT = 5
    rows = [stored_picture(alice_user, "fern") for _ in range(2)]

    told = correct(alice, rows, "fern", classifier=node_id(plants))

    assert codes(told) == [("EXAMPLE_LIMIT_REACHED", ["input"])]
    assert Example.objects.filter(classifier=plants).count() == 4
    assert not Prediction.objects.exclude(correction=None).exists()


def test_nobody_teaches_somebody_elses_with_a_group(alice: Api, bob: Api, alice_user: User) -> None:
    theirs = teach(User.objects.get(email="bob@example.org"), {"fern": 2})
    row = stored_picture(alice_user, "fern")

    told = correct(alice, [row], "fern", classifier=node_id(theirs))

    assert codes(told) == [("NOT_FOUND", ["input", "classifier"])]
    row.refresh_from_db()
    assert row.correction is None
