import base64
from typing import Any

import pytest

from server.accounts.models import DailyUsage, User
from server.api.node import global_id
from server.teaching.classifiers import create_classifier
from server.teaching.models import Classifier, Example
from tests.support.api import Api
from tests.support.mutations import mutate, payload
from tests.support.taught import stored_picture, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


@pytest.fixture
def plants(alice_user: User) -> Classifier:
    return create_classifier(alice_user, name="plants")


def add(alice: Api, plants: Classifier, **options: object) -> Any:  # noqa: ANN401 - a payload
    given = {"classifier": global_id("Classifier", plants.pk), "label": "fern"} | options
    return payload(mutate(alice, "addExamples", "examples { id }", **given))


def as_image(picture: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(picture).decode()}


def test_each_that_is_refused_is_told_by_its_place_and_the_others_are_kept(
    alice: Api, alice_user: User, plants: Classifier, cat: bytes
) -> None:
    mine = global_id("Prediction", stored_picture(alice_user, "fern").pk)

    told = add(
        alice,
        plants,
        images=[{"base64": "!"}, as_image(cat), as_image(cat[:5000]), as_image(cat)],
        predictions=[mine, "nothing", mine],
    )

    assert len(told["examples"]) == Example.objects.count() == 2
    assert [(error["code"], error["field"][1:]) for error in told["errors"]] == [
        ("IMAGE_BASE64_INVALID", ["images", "0"]),
        ("IMAGE_UNREADABLE", ["images", "2"]),
        ("EXAMPLE_KNOWN", ["images", "3"]),
        ("NOT_FOUND", ["predictions", "1"]),
        ("EXAMPLE_KNOWN", ["predictions", "2"]),
    ]
    assert DailyUsage.objects.get().predictions == 1


def test_a_retry_costs_nothing_and_says_that_nothing_is_missing(
    alice: Api, plants: Classifier, cat: bytes
) -> None:
    add(alice, plants, images=[as_image(cat)])
    again = add(alice, plants, images=[as_image(cat)])
    other = add(alice, plants, images=[as_image(cat)], label="moss")

    assert [error["code"] for error in again["errors"]] == ["EXAMPLE_KNOWN"]
    assert [error["message"] for error in other["errors"]] == [
        "This photo is an example of 'fern'; it can't be of both. Move it there, or leave it out."
    ]
    assert DailyUsage.objects.get().predictions == 1


@pytest.mark.parametrize(("what", "count"), [("images", 6), ("predictions", 101)])
def test_a_call_takes_so_many_and_no_more(
    alice: Api, plants: Classifier, what: str, count: int
) -> None:
    one = {"images": as_image(b"x"), "predictions": "nothing"}[what]
    options = {"classifier": global_id("Classifier", plants.pk), "label": "fern"}
    answer = mutate(alice, "addExamples", "", **options, **{what: [one] * count})
    assert answer.codes == ["BAD_USER_INPUT"]


def test_files_of_a_multipart_request_are_taken(alice: Api, plants: Classifier, cat: bytes) -> None:
    import json

    from django.core.files.uploadedfile import SimpleUploadedFile

    document = "mutation ($input: AddExamplesInput!) { addExamples(input: $input) { examples { id } errors { code } } }"  # noqa: E501
    options = {
        "classifier": global_id("Classifier", plants.pk),
        "label": "fern",
        "images": [{"upload": None}],
    }
    form = {
        "operations": json.dumps({"query": document, "variables": {"input": options}}),
        "map": json.dumps({"a": ["variables.input.images.0.upload"]}),
        "a": SimpleUploadedFile("a.png", cat, "image/png"),
    }
    answer = alice.http.post("/graphql", form, headers=alice.headers()).json()
    assert answer["data"]["addExamples"]["errors"] == []
    assert Example.objects.count() == 1


def test_what_is_to_stay_stays_without_its_prediction(
    alice: Api, alice_user: User, plants: Classifier
) -> None:
    keys = [stored_picture(alice_user, "fern").pk for _ in range(2)]
    ids = [global_id("Prediction", key) for key in keys]
    add(alice, plants, predictions=ids[:1])
    add(alice, plants, predictions=ids[1:], keep=True)

    for id_ in ids:
        assert payload(mutate(alice, "deletePrediction", "deletedId", id=id_))["errors"] == []

    assert Example.objects.count() == 1


@pytest.mark.parametrize("scopes", [("READ",), ("PREDICT",), ("READ", "PREDICT")])
def test_it_takes_the_scope_to_manage(
    alice: Api, plants: Classifier, scopes: tuple[str, ...]
) -> None:
    options = {"classifier": global_id("Classifier", plants.pk), "label": "fern"}
    refused = mutate(
        Api(), "addExamples", "", token=alice.create_token(*scopes), predictions=[], **options
    )
    taken = mutate(
        Api(), "addExamples", "", token=alice.create_token("MANAGE"), predictions=[], **options
    )
    assert refused.codes == ["FORBIDDEN"]
    assert payload(taken)["errors"] == []


def test_labels_and_examples_are_changed_and_taken_away(alice: Api, alice_user: User) -> None:
    plants = teach(alice_user, {"fern": 2, "moss": 2})
    classifier = global_id("Classifier", plants.pk)
    ids = [global_id("Example", key) for key in plants.examples.values_list("pk", flat=True)]
    fern, moss = (global_id("ClassifierLabel", label.pk) for label in plants.labels.order_by("pk"))

    moved = payload(
        mutate(
            alice,
            "relabelExamples",
            "examples { label { name } }",
            classifier=classifier,
            examples=ids[:1],
            label="lichen",
        )
    )
    removed = payload(
        mutate(alice, "removeExamples", "deletedIds", classifier=classifier, examples=ids[1:2])
    )
    taken = payload(mutate(alice, "renameLabel", "label { name }", id=fern, name="moss"))
    renamed = payload(mutate(alice, "renameLabel", "label { name }", id=fern, name="bracken"))
    gone = payload(
        mutate(alice, "removeLabel", "deletedId classifier { labels { name } }", id=moss)
    )

    assert moved["examples"] == [{"label": {"name": "lichen"}}]
    assert removed["deletedIds"] == ids[1:2]
    assert [(error["code"], error["field"]) for error in taken["errors"]] == [
        ("LABEL_NAME_TAKEN", ["input", "name"])
    ]
    assert renamed["label"] == {"name": "bracken"}
    assert gone["deletedId"] == moss
    assert gone["classifier"]["labels"] == [{"name": "bracken"}, {"name": "lichen"}]
