"""What its owner says a photo shows, beside the answer as it was given."""

from django.utils import timezone

from server.accounts.models import User
from server.classifier.card import MODEL_CARDS
from server.predictions.errors import CorrectionInvalid, PredictionNotFound
from server.predictions.given_texts import correction_of, folded, search_text
from server.predictions.history import find_prediction
from server.predictions.models import MAX_CORRECTION_LENGTH, Prediction


def correct(user: User, prediction_id: int, wording: str) -> Prediction:
    """Keep what the user says it is, in place of an earlier correction, and return the prediction.

    A label of the model is kept as the model spells it, so that one thing has one name.

    Raises:
        CorrectionInvalid: no word is left of it, it is too long, or it says what the answer says.
        PredictionNotFound: the user has no such prediction.
    """
    correction = correction_of(wording)
    prediction = _required(user, prediction_id)
    correction = _spelled_as_a_label(prediction, correction)
    if correction == prediction.label:
        raise CorrectionInvalid(MAX_CORRECTION_LENGTH)
    return _kept(user, prediction, correction)


def remove_correction(user: User, prediction_id: int) -> Prediction:
    """Take a correction back, where there is one, and return the prediction.

    Raises:
        PredictionNotFound: the user has no such prediction.
    """
    return _kept(user, _required(user, prediction_id), None)


def _required(user: User, prediction_id: int) -> Prediction:
    prediction = find_prediction(user, prediction_id)
    if prediction is None:
        raise PredictionNotFound
    return prediction


def _spelled_as_a_label(prediction: Prediction, correction: str) -> str:
    card = MODEL_CARDS.get(prediction.model_version.name)
    labels = [prediction.label, *(card.labels if card else ())]
    wanted = folded(correction)
    return next((label for label in labels if folded(label) == wanted), correction)


def _kept(user: User, prediction: Prediction, correction: str | None) -> Prediction:
    prediction.correction = correction
    prediction.corrected_at = None if correction is None else timezone.now()
    found = Prediction.objects.filter(pk=prediction.pk, user=user).update(
        correction=prediction.correction,
        corrected_at=prediction.corrected_at,
        search_text=search_text(prediction.label, correction, prediction.file_name),
    )
    if not found:  # deleted meanwhile
        raise PredictionNotFound
    return prediction
