from server.accounts.models import User
from server.predictions.services import delete_prediction
from server.teaching.advice import advice, is_outdated
from server.teaching.labels import rename_label
from server.teaching.models import Classifier
from server.teaching.training import train_classifier
from tests.support.taught import stored_picture, taught, teach

SOMETHING_ELSE = "Photos of what is none of these"


def outdated(classifier: Classifier) -> bool:
    fresh = Classifier.objects.get(pk=classifier.pk)
    return is_outdated(fresh, fresh.examples.count())


def test_a_label_of_few_photos_is_told_first() -> None:
    told = advice({"oak": 12, "fern": 2, "moss": 1, "ivy": 0}, has_something_else=False)
    assert told == [
        "'ivy' has no photos; it takes two, and five make it fair.",
        "'moss' has one photo; it takes two, and five make it fair.",
        "'fern' has two photos; five make it fair.",
    ]


def test_one_label_alone_is_not_enough() -> None:
    assert advice({"oak": 12}, has_something_else=False)[0].startswith("It takes two labels")
    assert advice({}, has_something_else=False)[0].startswith("It takes two labels")


def test_what_is_fair_could_be_good() -> None:
    told = advice({"oak": 12, "fern": 5, "moss": 9}, has_something_else=True)
    assert told == ["Ten photos a label make it good: 'fern' and 'moss' have fewer."]


def test_what_is_good_may_learn_to_say_what_is_none() -> None:
    counts = {"oak": 12, "fern": 15}
    assert advice(counts, has_something_else=False)[0].startswith(SOMETHING_ELSE)
    assert advice(counts, has_something_else=True) == []


def test_advice_has_an_end() -> None:
    assert len(advice({str(n): 1 for n in range(50)}, has_something_else=False)) == 10


def test_it_is_outdated_when_there_is_something_new_to_learn(
    alice: User, classifier_is_ready: None
) -> None:
    plants = teach(alice, {"fern": 2})
    assert outdated(plants)
    teach(alice, {"moss": 2})
    train_classifier(alice, plants.pk)
    assert not outdated(plants)

    teach(alice, {"moss": 1})
    assert outdated(plants)
    train_classifier(alice, plants.pk)
    rename_label(alice, plants.labels.first().pk, "bracken")
    assert outdated(plants)


def test_it_is_outdated_when_examples_went_with_their_predictions(
    alice: User, classifier_is_ready: None
) -> None:
    plants = taught(alice, {"fern": 3, "moss": 3})
    stored_picture(alice, "fern")
    assert not outdated(plants)

    delete_prediction(alice, plants.examples.first().prediction_id)

    assert outdated(plants)


def test_a_classifier_that_nothing_was_added_to_is_not_outdated(alice: User) -> None:
    assert not outdated(Classifier.objects.create(user=alice, name="plants", description=""))
