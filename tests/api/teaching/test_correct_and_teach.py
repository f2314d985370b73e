from typing import Any

import pytest
from pytest_django import Settings

from server.accounts.models import User
from server.api.node import global_id
from server.predictions.models import Prediction
from server.teaching.models import Classifier, Example
from tests.support.api import Api
from tests.support.embeddings import embedding_of
from tests.support.mutations import mutate, payload
from tests.support.taught import stored_picture, teach

FIELDS = "prediction { correction { label } } example { label { name } prediction { id } }"


@pytest.fixture
def plants(alice_user: User) -> Classifier:
    return teach(alice_user, {"fern": 2, "moss": 2})


def correct(
    alice: Api,
    prediction: Prediction,
    label: str,
    classifier: Classifier | None,
    fields: str = FIELDS,
) -> Any:  # noqa: ANN401 - a payload
    return payload(
        mutate(
            alice,
            "correctPrediction",
            fields,
            id=global_id("Prediction", prediction.pk),
            label=label,
            classifier=classifier and global_id("Classifier", classifier.pk),
        )
    )


def test_a_correction_becomes_an_example_in_the_same_mutation(
    alice: Api, alice_user: User, plants: Classifier
) -> None:
    prediction = stored_picture(alice_user, "fern")

    told = correct(alice, prediction, "Fern", plants)

    assert told["errors"] == []
    assert told["example"] == {
        "label": {"name": "fern"},
        "prediction": {"id": global_id("Prediction", prediction.pk)},
    }
    prediction.refresh_from_db()
    assert prediction.correction == "Fern"
    plants.refresh_from_db()
    assert plants.examples.count() == 5


def test_that_it_looks_the_same_as_another_example_is_told(
    alice: Api, alice_user: User, plants: Classifier
) -> None:
    embedding = embedding_of("fern")
    first, second = (stored_picture(alice_user, "fern", embedding=embedding) for _ in range(2))
    near = "nearDuplicate { example { label { name } } other { label { name } } similarity }"

    alone = correct(alice, first, "fern", plants, near)
    wrong = correct(alice, second, "moss", plants, near)
    taught_to_nobody = correct(alice, second, "moss", None, near)

    assert alone["nearDuplicate"] is None
    pair = wrong["nearDuplicate"]
    assert pair["example"] == {"label": {"name": "moss"}}
    assert pair["other"] == {"label": {"name": "fern"}}
    assert pair["similarity"] == pytest.approx(1, abs=1e-3)
    assert taught_to_nobody["nearDuplicate"] is None


def test_one_that_is_an_example_already_is_moved_to_what_it_shows(
    alice: Api, plants: Classifier
) -> None:
    example = plants.examples.filter(label__name="moss").select_related("prediction").first()

    moved = correct(alice, example.prediction, "fern", plants)
    again = correct(alice, example.prediction, "fern", plants)

    assert moved["example"]["label"] == again["example"]["label"] == {"name": "fern"}
    assert plants.examples.count() == 4


def test_where_it_can_not_be_an_example_it_is_not_corrected_either(
    alice: Api, alice_user: User, plants: Classifier, settings: Settings
) -> None:
    settings.EXAMPLES_PER_ACCOUNT = 4
    prediction = stored_picture(alice_user, "fern")

    told = correct(alice, prediction, "fern", plants)

    assert [error["code"] for error in told["errors"]] == ["EXAMPLE_LIMIT_REACHED"]
    assert told["prediction"] is None
    prediction.refresh_from_db()
    assert prediction.correction is None


def test_nobody_teaches_somebody_elses_with_a_correction(
    alice: Api, bob: Api, alice_user: User, plants: Classifier
) -> None:
    theirs = teach(User.objects.get(email="bob@example.org"), {"fern": 2})
    prediction = stored_picture(alice_user, "fern")

    told = correct(alice, prediction, "fern", theirs)

    assert [(error["code"], error["field"]) for error in told["errors"]] == [
        ("NOT_FOUND", ["input", "classifier"])
    ]
    assert Example.objects.filter(classifier=theirs).count() == 2
