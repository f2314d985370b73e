from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pytest_django import Settings

from server.accounts.models import User
from server.classifier.errors import Busy
from server.predictions.errors import AccountGone
from server.predictions.inference import inference
from server.teaching import training
from server.teaching.classifiers import delete_classifier
from server.teaching.errors import NoSuchThing, TooFewExamples
from server.teaching.labels import WantedLabel, relabel_examples
from server.teaching.models import Classifier, ClassifierVersion, Example
from server.teaching.training import train_classifier
from server.teaching.versions import use_version
from tests.support.row_waits import meeting_at_row
from tests.support.taught import taught, teach
from tests.support.threads import TIMEOUT_SECONDS, start

pytestmark = pytest.mark.usefixtures("classifier_is_ready")


def numbers(classifier: Classifier) -> list[int]:
    return list(classifier.versions.order_by("number").values_list("number", flat=True))


def test_a_version_knows_what_it_was_taught_with_and_answers_from_now_on(alice: User) -> None:
    plants = teach(alice, {"moss": 3, "fern": 4, "wall": 2}, something_else="wall")

    version = train_classifier(alice, plants.pk)

    plants.refresh_from_db()
    assert plants.current_version == version
    assert (version.number, version.labels) == (1, ["fern", "moss", "wall"])
    assert (version.example_counts, version.something_else) == ([4, 3, 2], 2)
    assert 0 < version.threshold < 1
    assert len(version.head) == 4 * (3 * 1280 + 3 + 2 * 1280)


def test_training_again_makes_a_version_only_where_there_is_something_new(alice: User) -> None:
    plants = taught(alice, {"moss": 3, "fern": 4})
    assert train_classifier(alice, plants.pk).number == 1
    teach(alice, {"moss": 1})
    assert train_classifier(alice, plants.pk).number == 2
    assert numbers(plants) == [1, 2]


def test_the_same_pictures_teach_the_same_version_whoever_adds_them_in_whichever_order(
    alice: User, bob: User
) -> None:
    plants = taught(alice, {"moss": 3, "fern": 4})
    theirs = Classifier.objects.create(user=bob, name="plants", description="")
    for example in plants.examples.order_by("-pk").select_related("prediction", "label"):
        label, _ = theirs.labels.get_or_create(name=example.label.name)
        theirs.examples.create(
            label=label,
            image_sha256=example.image_sha256,
            embedding=example.prediction.embedding,
            crop=b"a crop",
        )

    assert train_classifier(bob, theirs.pk).sha256 == plants.current_version.sha256


def test_it_may_be_taught_without_being_used(alice: User) -> None:
    plants = taught(alice, {"moss": 3, "fern": 4})
    teach(alice, {"moss": 1})

    train_classifier(alice, plants.pk, use=False)

    plants.refresh_from_db()
    assert plants.current_version.number == 1
    assert numbers(plants) == [1, 2]


def test_a_label_of_one_example_is_left_out(alice: User) -> None:
    plants = taught(alice, {"moss": 3, "fern": 4, "ivy": 1})
    assert plants.current_version.labels == ["fern", "moss"]


@pytest.mark.parametrize("counts", [{}, {"fern": 9}, {"fern": 9, "moss": 1}])
def test_less_than_two_labels_of_two_examples_teach_nothing(
    alice: User, counts: dict[str, int]
) -> None:
    plants = teach(alice, counts)
    with pytest.raises(TooFewExamples):
        train_classifier(alice, plants.pk)
    assert numbers(plants) == []


def test_accuracy_is_estimated_from_ten_examples_a_label_on(alice: User) -> None:
    plants = taught(alice, {"moss": 9, "fern": 10})
    assert plants.current_version.estimated_accuracy is None
    teach(alice, {"moss": 1})
    assert train_classifier(alice, plants.pk).estimated_accuracy == pytest.approx(1)


def test_an_example_under_the_wrong_label_is_suspected_and_told_as_a_confusion(
    alice: User,
) -> None:
    plants = teach(alice, {"moss": 10, "fern": 10})
    wrong = Example.objects.filter(label__name="moss").first()
    relabel_examples(alice, plants.pk, [wrong.pk], WantedLabel("fern"))

    version = train_classifier(alice, plants.pk)

    assert Example.objects.get(is_suspicious=True) == wrong
    assert version.confusions == [["fern", "moss", 1]]
    agreements = dict(Example.objects.values_list("pk", "agreement"))
    assert min(agreements, key=agreements.__getitem__) == wrong.pk


def test_the_oldest_version_that_is_not_in_use_makes_room(alice: User, settings: Settings) -> None:
    settings.VERSIONS_PER_CLASSIFIER = 3
    plants = teach(alice, {"moss": 2, "fern": 2})
    first = train_classifier(alice, plants.pk)
    for _ in range(3):
        teach(alice, {"moss": 1})
        train_classifier(alice, plants.pk)
    assert numbers(plants) == [2, 3, 4]
    assert not ClassifierVersion.objects.filter(pk=first.pk).exists()

    use_version(alice, plants.versions.get(number=2).pk)
    teach(alice, {"moss": 1})
    train_classifier(alice, plants.pk, use=False)

    assert numbers(plants) == [2, 4, 5]


def test_nobody_teaches_what_is_somebody_elses(alice: User, bob: User) -> None:
    plants = teach(alice, {"moss": 3, "fern": 4})
    with pytest.raises(NoSuchThing):
        train_classifier(bob, plants.pk)


def test_training_waits_for_its_turn_at_the_model(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    plants = teach(alice, {"moss": 3, "fern": 4})
    monkeypatch.setattr(inference()._admission, "_max_waiting", 0)
    with inference().turn(), pytest.raises(Busy):
        train_classifier(alice, plants.pk)
    assert numbers(plants) == []


@pytest.mark.django_db(transaction=True)
def test_two_trainings_at_once_make_one_version_of_the_same_examples() -> None:
    alice = User.objects.create_user("alice@example.org")
    plants = teach(alice, {"moss": 3, "fern": 4})

    first, second = meeting_at_row(
        User.objects.filter(pk=alice.pk), *[lambda: train_classifier(alice, plants.pk)] * 2
    )

    assert first.result() == second.result()
    assert numbers(plants) == [1]


@pytest.mark.django_db(transaction=True)
def test_what_was_read_earlier_does_not_replace_what_was_taught_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice = User.objects.create_user("alice@example.org")
    plants = teach(alice, {"moss": 3, "fern": 4})
    material = training._read(alice, plants.pk)
    embeddings = np.stack([np.frombuffer(row.embedding, "<f2") for row in material.rows])
    stale = training.train_head(embeddings, material.places)
    teach(alice, {"moss": 1})
    newer = train_classifier(alice, plants.pk)

    stored = training._store(alice, plants.pk, material, stale, use=True)

    plants.refresh_from_db()
    assert stored == newer == plants.current_version
    assert numbers(plants) == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["classifier", "account"])
def test_what_is_deleted_while_it_is_taught_stays_deleted(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    alice = User.objects.create_user("alice@example.org")
    plants = teach(alice, {"moss": 3, "fern": 4})
    store = training._store

    def store_later(*arguments: object, **options: object) -> ClassifierVersion:
        with ThreadPoolExecutor(1) as pool:  # on a connection of its own, before it is stored
            deleting = (
                start(pool, lambda: delete_classifier(alice, plants.pk))
                if what == "classifier"
                else start(pool, User.objects.get().delete)
            )
            deleting.result(TIMEOUT_SECONDS)
        return store(*arguments, **options)

    monkeypatch.setattr(training, "_store", store_later)

    with pytest.raises(NoSuchThing if what == "classifier" else AccountGone):
        train_classifier(alice, plants.pk)

    assert not ClassifierVersion.objects.exists()
    assert not Classifier.objects.exists()
