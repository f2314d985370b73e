"""Making, renaming and deleting classifiers."""

from django.conf import settings
from django.db import transaction

from server.accounts.models import User
from server.classifier.card import EFFICIENTNET_LITE0
from server.predictions.holding import hold_account
from server.predictions.served import served
from server.teaching.backbones import chosen_backbone
from server.teaching.errors import (
    ClassifierLimitReached,
    ClassifierNameInvalid,
    ClassifierNameTaken,
    DescriptionInvalid,
)
from server.teaching.models import (
    MAX_CLASSIFIER_NAME_LENGTH,
    MAX_DESCRIPTION_LENGTH,
    Classifier,
)
from server.teaching.names import clean_name, clean_text
from server.teaching.owned import hold_classifier


def find_classifier(user: User, name: str) -> Classifier | None:
    """Return a classifier of the person by name; None where there is none."""
    cleaned = clean_name(name, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    return Classifier.objects.filter(user=user, name=cleaned).first() if cleaned else None


@transaction.atomic
def create_classifier(
    user: User, *, name: str, description: str = "", model: str | None = None
) -> Classifier:
    """Make a classifier that knows nothing yet; it stands on a model (None: the first that can).

    Raises:
        ClassifierNameInvalid, DescriptionInvalid, ClassifierNameTaken: see
            `server.teaching.errors`.
        ModelUnknown, ModelNotTeachable: see `server.teaching.backbones`.
        ClassifierLimitReached: the account has as many as it may.
        AccountGone: it was deleted.
    """
    name, description = _checked_name(name), _checked_description(description)
    backbone = chosen_backbone(model).backbone
    hold_account(user)
    _require_free(user, name)
    limit = settings.CLASSIFIERS_PER_ACCOUNT
    if Classifier.objects.filter(user=user).count() >= limit:
        raise ClassifierLimitReached(limit)
    created = Classifier.objects.create(
        user=user, name=name, description=description, backbone=backbone
    )
    created.refresh_from_db()
    return created


@transaction.atomic
def update_classifier(
    user: User, classifier_id: int, *, name: str | None = None, description: str | None = None
) -> Classifier:
    """Change what is given. Predictions keep the name that it answered by.

    Raises:
        ClassifierNameInvalid, DescriptionInvalid, ClassifierNameTaken, NoSuchThing: see
            `server.teaching.errors`.
        AccountGone: it was deleted.
    """
    changes = {}
    if name is not None:
        changes["name"] = _checked_name(name)
    if description is not None:
        changes["description"] = _checked_description(description)
    classifier = hold_classifier(user, classifier_id)
    if "name" in changes and changes["name"] != classifier.name:
        _require_free(user, changes["name"])
    for column, value in changes.items():
        setattr(classifier, column, value)
    classifier.save(update_fields=list(changes))
    return classifier


@transaction.atomic
def delete_classifier(user: User, classifier_id: int) -> None:
    """Delete a classifier with its labels, examples and versions. Its answers stay in the history.

    Raises:
        NoSuchThing: the person has no such classifier.
        AccountGone: the account was deleted.
    """
    hold_classifier(user, classifier_id).delete()


def _checked_name(name: str) -> str:
    cleaned = clean_name(name, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    if cleaned is None:
        raise ClassifierNameInvalid(MAX_CLASSIFIER_NAME_LENGTH)
    # The built-in model keeps its name where it is served no more: it may be again.
    if cleaned in served() or cleaned == EFFICIENTNET_LITE0.name:
        raise ClassifierNameTaken
    return cleaned


def _checked_description(description: str) -> str:
    cleaned = clean_text(description, max_length=MAX_DESCRIPTION_LENGTH)
    if cleaned is None:
        raise DescriptionInvalid(MAX_DESCRIPTION_LENGTH)
    return cleaned


def _require_free(user: User, name: str) -> None:
    if Classifier.objects.filter(user=user, name=name).exists():
        raise ClassifierNameTaken
