"""Finding what is a person's own, and holding it while it is changed."""

from django.db.models import F

from server.accounts.models import User
from server.predictions.holding import hold_account
from server.teaching.errors import NoSuchThing, Thing
from server.teaching.models import Classifier


def hold_classifier(user: User, classifier_id: int) -> Classifier:
    """Hold the account, and return a classifier of it as it is now.

    Raises:
        AccountGone: the account was deleted.
        NoSuchThing: the person has no such classifier.
    """
    hold_account(user)
    return require_classifier(user, classifier_id)


def require_classifier(user: User, classifier_id: int) -> Classifier:
    """Return a classifier of a person.

    Raises:
        NoSuchThing: the person has no such classifier.
    """
    classifier = Classifier.objects.filter(user=user, pk=classifier_id).first()
    if classifier is None:
        raise NoSuchThing(Thing.CLASSIFIER)
    return classifier


def note_change(classifier: Classifier) -> None:
    """Count a change of what a classifier is taught with; it is held."""
    Classifier.objects.filter(pk=classifier.pk).update(revision=F("revision") + 1)
    classifier.revision += 1
