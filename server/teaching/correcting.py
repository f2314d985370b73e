"""Correcting answers and learning from them, in one go."""

from collections.abc import Sequence

from django.db import transaction

from server.accounts.models import User
from server.predictions.corrections import correct, correct_all
from server.predictions.given_texts import folded
from server.predictions.models import Prediction
from server.teaching.examples import add_predictions
from server.teaching.labels import WantedLabel, relabel_examples
from server.teaching.models import Classifier, Example
from server.teaching.owned import hold_classifier

_KNOWN = ("pk", "image_sha256", "label__name")


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


@transaction.atomic
def correct_all_and_teach(
    user: User, prediction_ids: Sequence[int], wording: str, classifier_id: int
) -> tuple[list[Prediction], list[Example]]:
    """Keep what several photos show, and make each an example of that; all or none.

    Those that are examples of the classifier already are moved to what they show. A picture that
    was predicted twice is one example.

    Raises:
        CorrectionInvalid, PredictionsNotFound: see `server.predictions.corrections.correct_all`.
        TeachingError: see `server.teaching.examples.add_predictions`.
        AccountGone: the account was deleted.
    """
    classifier = hold_classifier(user, classifier_id)
    predictions = correct_all(user, prediction_ids, wording)
    if not predictions:
        return [], []
    said = predictions[0].correction or predictions[0].label
    wanted = WantedLabel(_spelled_as_a_label(classifier, said)).checked()
    keys = {each.image_sha256: each.pk for each in predictions}
    known = Example.objects.filter(classifier=classifier, image_sha256__in=keys)
    labels = {sha256: (key, label) for key, sha256, label in known.values_list(*_KNOWN)}
    moved = [key for key, label in labels.values() if label != wanted.name]
    if moved:
        relabel_examples(user, classifier.pk, moved, wanted)
    new = [key for sha256, key in keys.items() if sha256 not in labels]
    for outcome in add_predictions(user, classifier.pk, wanted, new):
        if not isinstance(outcome, Example):
            raise outcome
    return predictions, list(known.select_related("label").defer("embedding", "crop"))


def _spelled_as_a_label(classifier: Classifier, correction: str) -> str:
    names = classifier.labels.values_list("name", flat=True)
    wanted = folded(correction)
    return next((name for name in names if folded(name) == wanted), correction)
