import pytest

from server.accounts.models import User
from server.teaching.errors import LabelNameInvalid, LabelNameTaken, NoSuchThing
from server.teaching.labels import (
    WantedLabel,
    relabel_examples,
    remove_examples,
    remove_label,
    rename_label,
)
from server.teaching.models import Classifier, Example
from server.teaching.training import train_classifier
from tests.support.taught import taught, teach


def counts(classifier: Classifier) -> dict[str, int]:
    return {label.name: label.examples.count() for label in classifier.labels.order_by("pk")}


@pytest.fixture
def plants(alice: User) -> Classifier:
    return teach(alice, {"fern": 3, "moss": 2})


def test_examples_move_to_another_label_also_to_a_new_one(alice: User, plants: Classifier) -> None:
    keys = list(Example.objects.order_by("pk").values_list("pk", flat=True))

    relabel_examples(alice, plants.pk, keys[:1], WantedLabel("moss"))
    moved = relabel_examples(alice, plants.pk, keys[1:2], WantedLabel("lichen"))

    assert counts(plants) == {"fern": 1, "moss": 3, "lichen": 1}
    assert [example.label.name for example in moved] == ["lichen"]


def test_all_examples_are_moved_or_removed_or_none(
    alice: User, bob: User, plants: Classifier
) -> None:
    theirs = teach(bob, {"fern": 1})
    mine, other = plants.examples.first(), theirs.examples.get()

    with pytest.raises(NoSuchThing):
        relabel_examples(alice, plants.pk, [mine.pk, other.pk], WantedLabel("moss"))
    with pytest.raises(NoSuchThing):
        remove_examples(alice, plants.pk, [mine.pk, other.pk])
    with pytest.raises(NoSuchThing):
        remove_examples(bob, plants.pk, [mine.pk])

    assert counts(plants) == {"fern": 3, "moss": 2}
    assert counts(theirs) == {"fern": 1}


def test_a_removed_example_leaves_its_prediction(alice: User, plants: Classifier) -> None:
    remove_examples(alice, plants.pk, [plants.examples.first().pk])
    assert Example.objects.count() == 4
    assert alice.predictions.count() == 5


def test_a_moved_example_is_judged_anew(alice: User, classifier_is_ready: None) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})
    example = plants.examples.first()
    assert example.agreement is not None

    relabel_examples(alice, plants.pk, [example.pk], WantedLabel("moss"))
    example.refresh_from_db()
    assert example.agreement is None

    train_classifier(alice, plants.pk)
    example.refresh_from_db()
    assert example.agreement < 0.5


def test_a_label_is_renamed_to_what_is_free(alice: User, bob: User, plants: Classifier) -> None:
    fern = plants.labels.get(name="fern")

    assert rename_label(alice, fern.pk, " bracken ").name == "bracken"
    with pytest.raises(LabelNameTaken):
        rename_label(alice, fern.pk, "moss")
    with pytest.raises(LabelNameInvalid):
        rename_label(alice, fern.pk, "")
    with pytest.raises(NoSuchThing):
        rename_label(bob, fern.pk, "mine")
    assert counts(plants) == {"bracken": 3, "moss": 2}


def test_a_label_goes_with_its_examples(alice: User, bob: User, plants: Classifier) -> None:
    fern = plants.labels.get(name="fern")
    with pytest.raises(NoSuchThing):
        remove_label(bob, fern.pk)

    remove_label(alice, fern.pk)

    assert counts(plants) == {"moss": 2}
    assert Example.objects.count() == 2
