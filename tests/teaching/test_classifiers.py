import pytest
from pytest_django import Settings

from server.accounts.models import User
from server.classifier.card import EFFICIENTNET_LITE0
from server.teaching.classifiers import create_classifier, delete_classifier, update_classifier
from server.teaching.errors import (
    ClassifierLimitReached,
    ClassifierNameInvalid,
    ClassifierNameTaken,
    DescriptionInvalid,
    NoSuchThing,
)
from server.teaching.models import Classifier, ClassifierLabel, ClassifierVersion, Example
from tests.support.taught import taught


@pytest.mark.parametrize(
    "name", ["", "  ", "a" * 65, "a\x00b", "two\nlines", "\ud800", "a" * 10**6]
)
def test_a_name_that_is_none_is_refused(alice: User, name: str) -> None:
    with pytest.raises(ClassifierNameInvalid):
        create_classifier(alice, name=name)


def test_a_name_is_kept_in_one_spelling(alice: User) -> None:
    assert create_classifier(alice, name=" cafe\u0301 ").name == "café"
    with pytest.raises(ClassifierNameTaken):
        create_classifier(alice, name="café")


def test_a_built_in_model_keeps_its_name(alice: User) -> None:
    with pytest.raises(ClassifierNameTaken):
        create_classifier(alice, name="efficientnet-lite0")
    with pytest.raises(ClassifierNameTaken):
        update_classifier(
            alice, create_classifier(alice, name="mine").pk, name="efficientnet-lite0"
        )


def test_two_people_may_call_theirs_alike(alice: User, bob: User) -> None:
    ours, theirs = create_classifier(alice, name="plants"), create_classifier(bob, name="plants")
    assert ours.pk != theirs.pk


def test_it_can_be_renamed_to_what_is_free(alice: User) -> None:
    plants, _ = create_classifier(alice, name="plants"), create_classifier(alice, name="birds")

    assert update_classifier(alice, plants.pk, name="ferns").name == "ferns"
    assert update_classifier(alice, plants.pk, name="ferns", description="Of ours").name == "ferns"
    with pytest.raises(ClassifierNameTaken):
        update_classifier(alice, plants.pk, name="birds")
    assert Classifier.objects.get(pk=plants.pk).description == "Of ours"


def test_a_description_has_an_end(alice: User) -> None:
    assert create_classifier(alice, name="a", description="Two\nlines").description == "Two\nlines"
    for description in ("a" * 501, "a\x00"):
        with pytest.raises(DescriptionInvalid):
            create_classifier(alice, name="b", description=description)


def test_an_account_has_so_many_and_no_more(alice: User, bob: User, settings: Settings) -> None:
    settings.CLASSIFIERS_PER_ACCOUNT = 2
    first, _ = create_classifier(alice, name="1"), create_classifier(alice, name="2")
    with pytest.raises(ClassifierLimitReached):
        create_classifier(alice, name="3")
    create_classifier(bob, name="3")
    delete_classifier(alice, first.pk)
    create_classifier(alice, name="3")


def test_nobody_changes_what_is_somebody_elses(alice: User, bob: User) -> None:
    plants = create_classifier(alice, name="plants")
    with pytest.raises(NoSuchThing):
        update_classifier(bob, plants.pk, name="mine")
    with pytest.raises(NoSuchThing):
        delete_classifier(bob, plants.pk)
    assert Classifier.objects.get().name == "plants"


def test_all_of_a_classifier_goes_with_it_and_its_predictions_stay(
    alice: User, classifier_is_ready: None
) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})

    delete_classifier(alice, plants.pk)

    for model in (Classifier, ClassifierLabel, Example, ClassifierVersion):
        assert not model.objects.exists()
    assert alice.predictions.count() == 6


def test_all_of_an_account_goes_with_it(alice: User, bob: User, classifier_is_ready: None) -> None:
    taught(alice, {"fern": 3, "moss": 3})
    kept = taught(bob, {"fern": 2, "moss": 2})

    alice.delete()

    assert Classifier.objects.get() == kept
    assert Example.objects.count() == 4
    assert ClassifierVersion.objects.count() == 1


def test_a_classifier_that_an_earlier_version_makes_stands_on_the_built_in_model(
    alice: User,
) -> None:
    made = create_classifier(alice, name="made by this version")
    Classifier.objects.bulk_create([Classifier(user=alice, name="old", description="")])
    assert made.backbone == Classifier.objects.get(name="old").backbone
    assert made.backbone == EFFICIENTNET_LITE0.backbone
