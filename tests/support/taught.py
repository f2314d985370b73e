"""Classifiers that are taught with embeddings made up for it, where no photo is the point."""

import hashlib
from collections.abc import Mapping
from itertools import count

from server.accounts.models import User
from server.predictions.models import Prediction
from server.teaching.classifiers import create_classifier
from server.teaching.examples import add_predictions
from server.teaching.labels import WantedLabel
from server.teaching.models import Classifier, Example
from server.teaching.training import train_classifier
from tests.support.embeddings import embedding_of
from tests.support.stored import store_prediction

_numbers = count()


def stored_picture(user: User, kind: str, **columns: object) -> Prediction:
    """A prediction of a history about a picture of a kind."""
    sha256 = hashlib.sha256(f"{kind} {next(_numbers)}".encode()).hexdigest()
    return store_prediction(
        user, **{"embedding": embedding_of(kind), "image_sha256": sha256} | columns
    )


def teach(
    user: User,
    counts: Mapping[str, int],
    *,
    name: str = "plants",
    something_else: str | None = None,
    outlive: bool = False,
) -> Classifier:
    """A classifier with so many examples of each label, from predictions of the history."""
    classifier = Classifier.objects.filter(user=user, name=name).first()
    classifier = classifier or create_classifier(user, name=name)
    for label, number in counts.items():
        keys = [stored_picture(user, label).pk for _ in range(number)]
        wanted = WantedLabel(label, is_something_else=label == something_else)
        outcomes = add_predictions(user, classifier.pk, wanted, keys, outlive=outlive)
        assert all(isinstance(outcome, Example) for outcome in outcomes), outcomes
    classifier.refresh_from_db()
    return classifier


def taught(user: User, counts: Mapping[str, int], *, name: str = "plants") -> Classifier:
    """The same, trained."""
    classifier = teach(user, counts, name=name)
    train_classifier(user, classifier.pk)
    classifier.refresh_from_db()
    return classifier
