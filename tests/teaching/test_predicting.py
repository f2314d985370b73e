from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from server.accounts.errors import QuotaSpent
from server.accounts.models import DailyUsage, User
from server.classifier.errors import ModelUnknown
from server.predictions.errors import IdempotencyKeyReused
from server.predictions.inference import inference
from server.predictions.models import ModelVersion, Prediction
from server.teaching import predicting
from server.teaching.classifiers import delete_classifier, update_classifier
from server.teaching.errors import NotTrained
from server.teaching.examples import add_images
from server.teaching.labels import WantedLabel
from server.teaching.models import Classifier, ClassifierVersion
from server.teaching.predicting import predict
from server.teaching.taught import Heads, version_text
from server.teaching.training import train_classifier
from server.teaching.versions import use_version
from tests.support.photo_parts import parts_of
from tests.support.pictures import plain
from tests.support.taught import taught, teach

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


@pytest.fixture
def drinks(alice: User, photo: Callable[[str], bytes]) -> Classifier:
    """Taught with parts of a photo of coffee and of one of a cat, all but the middle one."""
    classifier = Classifier.objects.create(user=alice, name="drinks", description="")
    for label, file_name in (("coffee", "coffee.png"), ("cat", "chelsea.png")):
        first, second, _, *rest = parts_of(photo(file_name), 5)
        add_images(alice, classifier.pk, WantedLabel(label), [first, second, *rest])
    train_classifier(alice, classifier.pk)
    return classifier


def test_a_taught_classifier_answers_with_its_own_labels(
    alice: User, drinks: Classifier, photo: Callable[[str], bytes]
) -> None:
    stored = predict(alice, parts_of(photo("coffee.png"), 5)[2], model="drinks")

    version = drinks.versions.get()
    assert stored.label == "coffee"
    assert stored.is_known
    assert [label for label, _ in stored.scores] == ["coffee", "cat"]
    assert stored.model_version.name == "drinks"
    assert stored.model_version.version == version_text(1, version.sha256)
    remembered = ModelVersion.objects.get(owner=alice)
    assert remembered.labels == ["cat", "coffee"]
    assert Prediction.objects.get().model_version == remembered
    assert DailyUsage.objects.get().predictions == 9  # eight of them examples


def test_a_picture_that_is_like_none_of_the_labels_is_not_known(
    alice: User, drinks: Classifier
) -> None:
    assert not predict(alice, plain(300, 300), model="drinks").is_known
    assert Prediction.objects.get().is_known is False


def test_a_built_in_model_answers_as_before(alice: User, cat: bytes) -> None:
    stored = predict(alice, cat)
    assert (stored.label, stored.is_known) == ("tiger cat", True)
    assert stored.model_version.owner_id is None
    assert predict(alice, cat, model="efficientnet-lite0").label == "tiger cat"


def test_nobody_predicts_with_somebody_elses(alice: User, bob: User, cat: bytes) -> None:
    taught(alice, {"fern": 2, "moss": 2})
    for name in ("plants", "", "a" * 10**6, "a\x00", "\ud800"):
        with pytest.raises(ModelUnknown):
            predict(bob, cat, model=name)
    assert not DailyUsage.objects.exists()


def test_two_people_who_call_theirs_alike_get_each_their_own(
    alice: User, bob: User, cat: bytes
) -> None:
    taught(alice, {"fern": 2, "moss": 2})
    taught(bob, {"wolf": 2, "bear": 2})
    assert predict(alice, cat, model="plants").label in {"fern", "moss"}
    assert predict(bob, cat, model="plants").label in {"wolf", "bear"}


def test_what_was_not_trained_can_not_answer(alice: User, cat: bytes) -> None:
    teach(alice, {"fern": 2, "moss": 2})
    with pytest.raises(NotTrained):
        predict(alice, cat, model="plants")


def test_the_quota_is_asked_before_the_photo_is_looked_at(
    alice: User, cat: bytes, settings: Settings
) -> None:
    taught(alice, {"fern": 2, "moss": 2})
    settings.PREDICTIONS_PER_DAY = 0
    with pytest.raises(QuotaSpent):
        predict(alice, cat[:100], model="plants")


def test_it_takes_no_statement_more_than_a_built_in_model(alice: User, cat: bytes) -> None:
    taught(alice, {"fern": 2, "moss": 2})
    for model in (None, "plants"):
        predict(alice, cat, model=model)  # the first remembers the version
    statements = []
    for model in (None, "plants"):
        with CaptureQueriesContext(connection) as queries:
            predict(alice, cat, model=model)
        statements.append(len(queries))
    assert statements == [2, 2]


def test_a_promotion_and_a_way_back_are_right_at_once(alice: User, cat: bytes) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    first = plants.current_version
    teach(alice, {"oak": 2})
    train_classifier(alice, plants.pk)
    assert predict(alice, cat, model="plants").model_version.version.startswith("2-")
    use_version(alice, first.pk)
    assert predict(alice, cat, model="plants").model_version.version.startswith("1-")


def test_a_promotion_during_a_prediction_leaves_it_what_it_began_as(
    alice: User, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is read once; the answer, its labels and its name are all of that one."""
    plants = taught(alice, {"fern": 2, "moss": 2})
    teach(alice, {"oak": 2})
    classify = inference().classify

    def promoted_meanwhile(*arguments: object) -> object:
        train_classifier(alice, plants.pk)
        return classify(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(inference(), "classify", promoted_meanwhile)
    stored = predict(alice, cat, model="plants")

    assert stored.model_version.version.startswith("1-")
    assert {label for label, _ in stored.scores} == {"fern", "moss"}
    assert Classifier.objects.get().current_version.number == 2


def test_a_prediction_whose_classifier_is_deleted_meanwhile_is_kept(
    alice: User, cat: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    classify = inference().classify

    def deleted_meanwhile(*arguments: object) -> object:
        delete_classifier(alice, plants.pk)
        return classify(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(inference(), "classify", deleted_meanwhile)

    assert predict(alice, cat, model="plants").model_version.name == "plants"
    monkeypatch.undo()
    with pytest.raises(ModelUnknown):
        predict(alice, cat, model="plants")


def test_a_new_classifier_of_an_old_name_is_another_model(alice: User, cat: bytes) -> None:
    first = taught(alice, {"fern": 2, "moss": 2})
    earlier = predict(alice, cat, model="plants").model_version
    delete_classifier(alice, first.pk)
    taught(alice, {"wolf": 2, "bear": 2})

    later = predict(alice, cat, model="plants").model_version

    assert (earlier.name, earlier.version[:2]) == (later.name, later.version[:2])
    assert earlier.pk != later.pk
    assert ModelVersion.objects.get(pk=later.pk).labels == ["bear", "wolf"]


def test_after_renaming_it_answers_by_its_new_name(alice: User, cat: bytes) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    predict(alice, cat, model="plants")
    update_classifier(alice, plants.pk, name="greens")
    assert predict(alice, cat, model="greens").model_version.name == "greens"
    with pytest.raises(ModelUnknown):
        predict(alice, cat, model="plants")


def test_a_retry_with_the_same_key_is_the_same_answer(alice: User, cat: bytes) -> None:
    plants = taught(alice, {"fern": 2, "moss": 2})
    first = predict(alice, cat, model="plants", idempotency_key="a")
    delete_classifier(alice, plants.pk)

    assert predict(alice, cat, model="plants", idempotency_key="a") == first
    with pytest.raises(IdempotencyKeyReused):
        predict(alice, cat, model="efficientnet-lite0", idempotency_key="a")
    assert DailyUsage.objects.get().predictions == 1


@pytest.mark.django_db(transaction=True)
def test_all_that_a_taught_classifier_answered_goes_with_the_account(cat: bytes) -> None:
    alice = User.objects.create_user("alice@example.org")
    taught(alice, {"fern": 2, "moss": 2})
    predict(alice, cat, model="plants")

    alice.delete()

    assert not ModelVersion.objects.exclude(owner=None).exists()
    assert not Prediction.objects.exists()


def test_heads_are_kept_within_bounds_and_the_latest_used_longest(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [taught(alice, {"fern": 2, "moss": 2}, name=name).current_version_id for name in "abc"]
    size = predicting.heads.of_version(keys[0]).head.byte_count
    kept = Heads(2 * size)

    for key in (keys[0], keys[1], keys[0], keys[2]):
        kept.of_version(key)

    assert kept.held_bytes == 2 * size
    ClassifierVersion.objects.all().delete()
    assert kept.of_version(keys[0]).card.name == "a"
    assert set(kept._held) == {keys[0], keys[2]}
