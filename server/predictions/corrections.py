"""What its owner says a photo shows, beside the answer as it was given."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from server.accounts.models import User
from server.predictions.errors import (
    CorrectionInvalid,
    PredictionNotFound,
    PredictionsNotFound,
)
from server.predictions.given_texts import correction_of, folded, search_text
from server.predictions.history import find_prediction, find_predictions
from server.predictions.holding import hold_account
from server.predictions.models import MAX_CORRECTION_LENGTH, Prediction
from server.predictions.served import served


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


@transaction.atomic
def correct_all(user: User, prediction_ids: Sequence[int], wording: str) -> list[Prediction]:
    """Keep what the user says that several are, all or none, and return them in their order.

    One whose answer says so already is left without a correction: it needs none.

    Raises:
        CorrectionInvalid: no word is left of it, or it is too long.
        PredictionsNotFound: one of them is none of the user's.
        AccountGone: the account was deleted.
    """
    correction = correction_of(wording)
    predictions = _held(user, prediction_ids)
    spellings: dict[str, str] = {}  # by the label that was answered and the model that answered
    now = timezone.now()
    for prediction in predictions:
        answered = f"{prediction.label}\n{prediction.model_version.name}"
        if answered not in spellings:
            spellings[answered] = _spelled_as_a_label(prediction, correction)
        said = spellings[answered]
        _note(prediction, None if said == prediction.label else said, now)
    return _all_kept(predictions)


@transaction.atomic
def remove_corrections(user: User, prediction_ids: Sequence[int]) -> list[Prediction]:
    """Take the corrections of several back, all or none, and return them in their order.

    Raises:
        PredictionsNotFound: one of them is none of the user's.
        AccountGone: the account was deleted.
    """
    predictions = _held(user, prediction_ids)
    for prediction in predictions:
        _note(prediction, None, None)
    return _all_kept(predictions)


def _held(user: User, prediction_ids: Sequence[int]) -> list[Prediction]:
    hold_account(user)
    found = find_predictions(user, prediction_ids)
    wanted = dict.fromkeys(prediction_ids)
    if len(found) < len(wanted):
        raise PredictionsNotFound
    return [found[key] for key in wanted]


def _all_kept(predictions: list[Prediction]) -> list[Prediction]:
    changed = ["correction", "corrected_at", "search_text"]
    if Prediction.objects.bulk_update(predictions, changed) < len(predictions):
        raise PredictionsNotFound  # one became too old meanwhile
    return predictions


def _required(user: User, prediction_id: int) -> Prediction:
    prediction = find_prediction(user, prediction_id)
    if prediction is None:
        raise PredictionNotFound
    return prediction


def _spelled_as_a_label(prediction: Prediction, correction: str) -> str:
    card = served().get(prediction.model_version.name)
    labels = [prediction.label, *(card.labels if card else ())]
    wanted = folded(correction)
    return next((label for label in labels if folded(label) == wanted), correction)


def _kept(user: User, prediction: Prediction, correction: str | None) -> Prediction:
    _note(prediction, correction, timezone.now())
    found = Prediction.objects.filter(pk=prediction.pk, user=user).update(
        correction=prediction.correction,
        corrected_at=prediction.corrected_at,
        search_text=prediction.search_text,
    )
    if not found:  # deleted meanwhile
        raise PredictionNotFound
    return prediction


def _note(prediction: Prediction, correction: str | None, now: datetime | None) -> None:
    prediction.correction = correction
    prediction.corrected_at = None if correction is None else now
    prediction.search_text = search_text(prediction.label, correction, prediction.file_name)
