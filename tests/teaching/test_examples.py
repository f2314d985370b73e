from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from server.accounts.errors import QuotaSpent
from server.accounts.models import DailyUsage, User
from server.classifier.errors import Busy, ImageUnreadable
from server.predictions.inference import inference
from server.predictions.retention import delete_before
from server.predictions.services import clear_history, delete_prediction
from server.teaching.classifiers import create_classifier
from server.teaching.errors import (
    ExampleKnown,
    ExampleLimitReached,
    ExampleOfAnother,
    LabelLimitReached,
    LabelNameInvalid,
    NoSuchThing,
    SomethingElseTaken,
)
from server.teaching.examples import add_images, add_predictions
from server.teaching.labels import WantedLabel
from server.teaching.models import Classifier, Example
from tests.support.taught import stored_picture, teach

FERN, MOSS = WantedLabel("fern"), WantedLabel("moss")


@pytest.fixture
def plants(alice: User) -> Classifier:
    return create_classifier(alice, name="plants")


def used(user: User) -> int:
    usage = DailyUsage.objects.filter(user=user).first()
    return usage.predictions if usage else 0


def test_an_upload_becomes_an_example_and_costs_a_prediction(
    alice: User, plants: Classifier, cat: bytes, classifier_is_ready: None
) -> None:
    (example,) = add_images(alice, plants.pk, FERN, [cat])

    assert isinstance(example, Example)
    stored = Example.objects.get()
    assert stored.label.name == "fern"
    assert len(stored.embedding) == 2560
    assert bytes(stored.crop).startswith(b"\xff\xd8\xff")
    assert not alice.predictions.exists()
    assert used(alice) == 1


def test_the_same_picture_is_refused_and_costs_nothing(
    alice: User, plants: Classifier, cat: bytes, classifier_is_ready: None
) -> None:
    add_images(alice, plants.pk, FERN, [cat])

    again, other = (add_images(alice, plants.pk, label, [cat])[0] for label in (FERN, MOSS))

    assert type(again) is ExampleKnown
    assert isinstance(other, ExampleOfAnother)
    assert other.label == "fern"
    assert used(alice) == 1
    assert [label.name for label in plants.labels.all()] == ["fern"]


def test_a_picture_that_comes_twice_in_one_call_is_taken_once(
    alice: User, plants: Classifier, cat: bytes, classifier_is_ready: None
) -> None:
    first, second = add_images(alice, plants.pk, FERN, [cat, cat])
    assert isinstance(first, Example)
    assert type(second) is ExampleKnown
    assert used(alice) == 1


def test_one_that_can_not_be_read_does_not_keep_the_others_out(
    alice: User, plants: Classifier, photo: Callable[[str], bytes], classifier_is_ready: None
) -> None:
    coffee, cat = photo("coffee.png"), photo("chelsea.png")

    first, broken, last = add_images(alice, plants.pk, FERN, [coffee, cat[:5000], cat])

    assert isinstance(broken, ImageUnreadable)
    assert {first, last} == set(Example.objects.all())
    assert used(alice) == 2


def test_uploads_stop_where_the_quota_does(
    alice: User,
    plants: Classifier,
    photo: Callable[[str], bytes],
    settings: Settings,
    classifier_is_ready: None,
) -> None:
    settings.PREDICTIONS_PER_DAY = 1

    outcomes = add_images(alice, plants.pk, FERN, [photo("coffee.png"), photo("chelsea.png")])

    assert isinstance(outcomes[0], Example)
    assert isinstance(outcomes[1], QuotaSpent)
    assert isinstance(add_images(alice, plants.pk, FERN, [photo("moon.png")])[0], QuotaSpent)
    assert used(alice) == 1


def test_where_the_model_is_busy_nothing_is_stored(
    alice: User,
    plants: Classifier,
    cat: bytes,
    monkeypatch: pytest.MonkeyPatch,
    classifier_is_ready: None,
) -> None:
    monkeypatch.setattr(inference()._admission, "_max_waiting", 0)
    with inference().turn(), pytest.raises(Busy):
        add_images(alice, plants.pk, FERN, [cat])
    assert not Example.objects.exists()
    assert used(alice) == 0


def test_a_prediction_becomes_an_example_by_reference_and_costs_nothing(
    alice: User, plants: Classifier
) -> None:
    prediction = stored_picture(alice, "fern")

    (example,) = add_predictions(alice, plants.pk, FERN, [prediction.pk])

    assert isinstance(example, Example)
    assert example.prediction_id == prediction.pk
    assert (example.embedding, example.crop) == (None, None)
    assert used(alice) == 0


def test_nobody_elses_prediction_becomes_one(alice: User, bob: User, plants: Classifier) -> None:
    theirs, mine = stored_picture(bob, "fern"), stored_picture(alice, "fern")

    outcomes = add_predictions(alice, plants.pk, FERN, [theirs.pk, mine.pk, 2**62])

    assert [type(outcome) for outcome in outcomes] == [NoSuchThing, Example, NoSuchThing]
    with pytest.raises(NoSuchThing):
        add_predictions(bob, plants.pk, FERN, [theirs.pk])


@pytest.mark.parametrize("way", ["one", "all", "retention"])
def test_an_example_goes_with_its_prediction_unless_it_was_to_outlive_it(
    alice: User, plants: Classifier, way: str
) -> None:
    long_ago = timezone.now() - timedelta(days=2)
    going, staying = (stored_picture(alice, "fern", created_at=long_ago) for _ in range(2))
    add_predictions(alice, plants.pk, FERN, [going.pk])
    (copy,) = add_predictions(alice, plants.pk, FERN, [staying.pk], outlive=True)

    if way == "one":
        delete_prediction(alice, going.pk)
        delete_prediction(alice, staying.pk)
    elif way == "all":
        clear_history(alice)
    else:
        assert sum(delete_before(timezone.now() - timedelta(days=1))) == 2

    kept = Example.objects.get()
    assert kept == copy
    assert bytes(kept.embedding) == bytes(staying.embedding)
    assert bytes(kept.crop) == b"a crop"


def test_an_account_has_so_many_examples_in_all_its_classifiers(
    alice: User, plants: Classifier, settings: Settings
) -> None:
    settings.EXAMPLES_PER_ACCOUNT = 3
    teach(alice, {"sparrow": 2}, name="birds")
    keys = [stored_picture(alice, "fern").pk for _ in range(2)]

    outcomes = add_predictions(alice, plants.pk, FERN, keys)

    assert [type(outcome) for outcome in outcomes] == [Example, ExampleLimitReached]


def test_a_classifier_has_so_many_labels(
    alice: User, plants: Classifier, settings: Settings
) -> None:
    settings.LABELS_PER_CLASSIFIER = 2
    keys = [stored_picture(alice, "fern").pk for _ in range(4)]
    add_predictions(alice, plants.pk, FERN, keys[:1])
    add_predictions(alice, plants.pk, MOSS, keys[1:2])

    with pytest.raises(LabelLimitReached):
        add_predictions(alice, plants.pk, WantedLabel("lichen"), keys[2:3])

    add_predictions(alice, plants.pk, MOSS, keys[3:])
    assert Example.objects.count() == 3


@pytest.mark.parametrize("name", ["", "a" * 101, "a\x00"])
def test_a_label_needs_a_name(alice: User, plants: Classifier, name: str) -> None:
    with pytest.raises(LabelNameInvalid):
        add_predictions(alice, plants.pk, WantedLabel(name), [])


def test_one_label_is_for_what_is_none_of_the_others(alice: User, plants: Classifier) -> None:
    keys = [stored_picture(alice, "wall").pk for _ in range(3)]
    add_predictions(alice, plants.pk, WantedLabel("wall"), keys[:1])
    add_predictions(alice, plants.pk, WantedLabel("wall", is_something_else=True), keys[1:2])

    assert plants.labels.get().is_something_else
    with pytest.raises(SomethingElseTaken):
        add_predictions(alice, plants.pk, WantedLabel("sky", is_something_else=True), keys[2:])


def test_a_refused_picture_makes_no_label_and_changes_nothing(
    alice: User, plants: Classifier
) -> None:
    add_predictions(alice, plants.pk, FERN, [2**62])
    plants.refresh_from_db()
    assert plants.revision == 0
    assert not plants.labels.exists()
