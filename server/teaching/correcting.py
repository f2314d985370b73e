"""Correcting an answer and learning from it, in one go."""

from django.db import transaction

from server.accounts.models import User
from server.predictions.corrections import correct
from server.predictions.given_texts import folded
from server.predictions.models import Prediction
from server.teaching.examples import add_predictions
from server.teaching.labels import WantedLabel, relabel_examples
from server.teaching.models import Classifier, Example
from server.teaching.owned import hold_classifier


@transaction.atomic
def correct_and_teach(
    user: User, prediction_id: int, wording: str, classifier_id: int
) -> tuple[Prediction, Example]:
    """Keep what a photo shows, and make the prediction an example of that; both or neither.

    A picture that is an example of the classifier already is moved to what it shows.

    Raises:
        CorrectionInvalid, PredictionNotFound: see `server.predictions.corrections.correct`.
        TeachingError: see `server.teaching.examples.add_predictions`.
        AccountGone: the account was deleted.
    """
    classifier = hold_classifier(user, classifier_id)
    prediction = correct(user, prediction_id, wording)
    wanted = WantedLabel(_spelled_as_a_label(classifier, prediction.correction or ""))
    known = Example.objects.filter(classifier=classifier, image_sha256=prediction.image_sha256)
    example = known.select_related("label").defer("embedding", "crop").first()
    if example is not None:
        if example.label.name != wanted.name:
            (example,) = relabel_examples(user, classifier.pk, [example.pk], wanted)
        return prediction, example
    (outcome,) = add_predictions(user, classifier.pk, wanted, [prediction.pk])
    if not isinstance(outcome, Example):
        raise outcome
    return prediction, outcome


def _spelled_as_a_label(classifier: Classifier, correction: str) -> str:
    names = classifier.labels.values_list("name", flat=True)
    wanted = folded(correction)
    return next((name for name in names if folded(name) == wanted), correction)
