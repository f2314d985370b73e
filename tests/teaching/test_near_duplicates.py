"""Examples that are nearly the same photo are told, unless alike is what they are."""

from collections.abc import Iterator

import numpy as np
import pytest

from server.accounts.models import User
from server.teaching.examples import add_predictions
from server.teaching.labels import WantedLabel
from server.teaching.models import Classifier, Example
from server.teaching.near_duplicates import JUDGED_FROM, near_duplicates
from tests.support.embeddings import embedding_of
from tests.support.taught import stored_picture, teach

pytestmark = pytest.mark.django_db


@pytest.fixture
def plants(alice: User) -> Classifier:
    return teach(alice, {"fern": 3, "moss": 3})


def nearly(embedding: bytes, seed: int = 0) -> bytes:
    """The embedding of nearly the same photo: a cosine of about 0.995."""
    values = np.frombuffer(embedding, "<f2").astype(float)
    factors = np.random.default_rng(seed).normal(1, 0.1, size=values.size)
    return (values * factors).astype("<f2").tobytes()


def add(user: User, classifier: Classifier, embeddings: list[bytes], label: str) -> list[Example]:
    keys = [stored_picture(user, label, embedding=each).pk for each in embeddings]
    outcomes = add_predictions(user, classifier.pk, WantedLabel(label), keys)
    return [outcome for outcome in outcomes if isinstance(outcome, Example)]


@pytest.fixture
def photo() -> bytes:
    return embedding_of("fern")


def test_one_that_is_nearly_the_same_is_told_with_the_earlier_one(
    alice: User, plants: Classifier, photo: bytes
) -> None:
    [first] = add(alice, plants, [photo], "fern")
    other = embedding_of("fern")
    added = add(alice, plants, [other, nearly(photo), nearly(other)], "moss")

    told = near_duplicates(added)

    assert [(each.example, each.other) for each in told] == [
        (added[1], first),
        (added[2], added[0]),
    ]
    assert all(0.98 <= each.similarity <= 1 for each in told)
    assert told[0].other.label.name == "fern"
    assert near_duplicates([first]) == []


def test_different_photos_of_a_kind_and_those_of_another_classifier_are_none(
    alice: User, plants: Classifier, photo: bytes
) -> None:
    animals = teach(alice, {"cat": 2}, name="animals")
    add(alice, animals, [photo], "cat")

    assert near_duplicates(add(alice, plants, [photo, embedding_of("fern")], "fern")) == []
    assert near_duplicates([]) == []


def test_where_many_are_alike_anyway_none_is_told(
    alice: User, plants: Classifier, photo: bytes
) -> None:
    def photos(count: int) -> Iterator[bytes]:
        return (nearly(photo, seed) for seed in range(count))

    few = add(alice, plants, list(photos(4)), "fern")
    assert len(near_duplicates(few)) == 3

    plants.refresh_from_db()
    missing = JUDGED_FROM - plants.examples.count() - 1
    add(alice, plants, [embedding_of("moss") for _ in range(missing)], "moss")
    assert len(near_duplicates(add(alice, plants, [nearly(photo, 9)], "fern"))) == 0
