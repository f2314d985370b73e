"""Choosing which version answers, forward and back, and what that would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from server.accounts.models import User
from server.classifier.classifier import Classification
from server.predictions.holding import hold_account
from server.predictions.models import Prediction
from server.teaching.backbones import backbone_of
from server.teaching.errors import NoSuchThing, Thing
from server.teaching.models import Classifier, ClassifierVersion
from server.teaching.reading import read_by
from server.teaching.taught import heads

COMPARED_PREDICTIONS = 100  # the latest of the history


@dataclass(frozen=True)
class Change:
    """A prediction of the history that two versions read differently."""

    prediction_id: int
    before: Classification
    after: Classification


@dataclass(frozen=True)
class Comparison:
    """What it changes to use one version instead of the one in use."""

    compared: int  # predictions that both have read
    changes: Sequence[Change]


def find_version(user: User, version_id: int) -> ClassifierVersion:
    """Return a version of a classifier of the person, without its head.

    Raises:
        NoSuchThing: the person has no such version.
    """
    rows = ClassifierVersion.objects.select_related("classifier").defer("head")
    version = rows.filter(pk=version_id, classifier__user=user).first()
    if version is None:
        raise NoSuchThing(Thing.VERSION)
    return version


def compare(user: User, version: ClassifierVersion) -> Comparison:
    """Return which of the person's latest predictions the version reads otherwise than the current.

    Of those that the network has read on which both stand.

    Raises:
        NoSuchThing: one of the two was deleted meanwhile.
        ModelRetired: that network is served no more.
    """
    current_id = version.classifier.current_version_id
    if current_id is None or current_id == version.pk:
        return Comparison(0, [])
    network = backbone_of(version).weights_sha256
    readable = Prediction.objects.filter(user=user, model_version__weights_sha256=network)
    latest = readable.order_by("-created_at", "-pk")
    rows = list(latest.values_list("pk", "embedding")[:COMPARED_PREDICTIONS])
    before = read_by(heads.of_version(current_id), rows)
    after = read_by(heads.of_version(version.pk), rows)
    return Comparison(
        len(rows),
        [
            Change(key, before[key], after[key])
            for key, _ in rows
            if _answer(before[key]) != _answer(after[key])
        ],
    )


@transaction.atomic
def use_version(user: User, version_id: int) -> Classifier:
    """Let `predict` answer with a version from now on, in every worker.

    Raises:
        NoSuchThing: the person has no such version.
        AccountGone: the account was deleted.
    """
    hold_account(user)
    version = find_version(user, version_id)
    classifier = version.classifier
    classifier.current_version = version
    classifier.save(update_fields=["current_version"])
    return classifier


def _answer(classification: Classification) -> tuple[str, bool]:
    return classification.top(1)[0].label, classification.is_known
