"""The labels of a classifier, and moving examples between them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from server.accounts.models import User
from server.predictions.holding import hold_account
from server.teaching.errors import (
    LabelLimitReached,
    LabelNameInvalid,
    LabelNameTaken,
    NoSuchThing,
    SomethingElseTaken,
    Thing,
)
from server.teaching.models import MAX_LABEL_NAME_LENGTH, Classifier, ClassifierLabel, Example
from server.teaching.names import clean_name
from server.teaching.owned import hold_classifier, note_change


@dataclass(frozen=True)
class WantedLabel:
    """A label by its name, which is made where there is none yet."""

    name: str
    is_something_else: bool = False

    def checked(self) -> "WantedLabel":
        """Return it with its name in one spelling.

        Raises:
            LabelNameInvalid: it can be nobody's name.
        """
        name = clean_name(self.name, max_length=MAX_LABEL_NAME_LENGTH)
        if name is None:
            raise LabelNameInvalid(MAX_LABEL_NAME_LENGTH)
        return WantedLabel(name, self.is_something_else)

    def found_or_made(self, classifier: Classifier) -> ClassifierLabel:
        """Return the label of a classifier that is held.

        Raises:
            SomethingElseTaken: it is to be for what is none of the others, and another is.
            LabelLimitReached: the classifier has as many labels as it may.
        """
        labels = {label.name: label for label in classifier.labels.all()}
        other = next((each for each in labels.values() if each.is_something_else), None)
        if self.is_something_else and other is not None and other.name != self.name:
            raise SomethingElseTaken(other.name)
        label = labels.get(self.name)
        if label is None:
            if len(labels) >= settings.LABELS_PER_CLASSIFIER:
                raise LabelLimitReached(settings.LABELS_PER_CLASSIFIER)
            return classifier.labels.create(
                name=self.name, is_something_else=self.is_something_else
            )
        if self.is_something_else and not label.is_something_else:
            label.is_something_else = True
            label.save(update_fields=["is_something_else"])
        return label


@transaction.atomic
def relabel_examples(
    user: User, classifier_id: int, example_ids: Collection[int], wanted: WantedLabel
) -> list[Example]:
    """Move examples of a classifier to a label, all or none.

    Raises:
        NoSuchThing: no such classifier, or one of the examples.
        LabelNameInvalid, SomethingElseTaken, LabelLimitReached: see `server.teaching.errors`.
        AccountGone: it was deleted.
    """
    wanted = wanted.checked()
    classifier = hold_classifier(user, classifier_id)
    examples = _examples(classifier, example_ids)
    label = wanted.found_or_made(classifier)
    Example.objects.filter(pk__in=[example.pk for example in examples]).update(
        label=label, agreement=None, is_suspicious=False
    )
    note_change(classifier)
    return _examples(classifier, example_ids)


@transaction.atomic
def remove_examples(user: User, classifier_id: int, example_ids: Collection[int]) -> None:
    """Remove examples of a classifier, all or none. Predictions that they were stay.

    Raises:
        NoSuchThing: no such classifier, or one of the examples.
        AccountGone: it was deleted.
    """
    classifier = hold_classifier(user, classifier_id)
    examples = _examples(classifier, example_ids)
    Example.objects.filter(pk__in=[example.pk for example in examples]).delete()
    note_change(classifier)


@transaction.atomic
def rename_label(user: User, label_id: int, name: str) -> ClassifierLabel:
    """Rename a label. Versions that were taught before keep the name they answer with.

    Raises:
        LabelNameInvalid, LabelNameTaken, NoSuchThing: see `server.teaching.errors`.
        AccountGone: it was deleted.
    """
    name = WantedLabel(name).checked().name
    label = _held_label(user, label_id)
    if label.name == name:
        return label
    if label.classifier.labels.filter(name=name).exists():
        raise LabelNameTaken
    label.name = name
    label.save(update_fields=["name"])
    note_change(label.classifier)
    return label


@transaction.atomic
def remove_label(user: User, label_id: int) -> Classifier:
    """Remove a label with its examples, and return its classifier.

    Raises:
        NoSuchThing: the person has no such label.
        AccountGone: the account was deleted.
    """
    label = _held_label(user, label_id)
    classifier = label.classifier
    label.delete()
    note_change(classifier)
    return classifier


def _held_label(user: User, label_id: int) -> ClassifierLabel:
    hold_account(user)
    labels = ClassifierLabel.objects.select_related("classifier")
    label = labels.filter(pk=label_id, classifier__user=user).first()
    if label is None:
        raise NoSuchThing(Thing.LABEL)
    return label


def _examples(classifier: Classifier, example_ids: Collection[int]) -> list[Example]:
    wanted = set(example_ids)
    rows = Example.objects.filter(classifier=classifier, pk__in=wanted).order_by("pk")
    examples = list(rows.select_related("label").defer("embedding", "crop"))
    if len(examples) < len(wanted):
        raise NoSuchThing(Thing.EXAMPLE)
    return examples
