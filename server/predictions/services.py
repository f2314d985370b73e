"""What can be done with predictions: make one, and delete one or all."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from server.accounts.errors import QuotaSpent
from server.accounts.models import User
from server.accounts.quota import require_quota
from server.classifier.classifier import Score
from server.classifier.crop import encode_crop
from server.classifier.inference import Answer
from server.classifier.signature import as_bits, signatures
from server.classifier.taught_head import TaughtClassifier
from server.postgres.patience import longer_waits
from server.predictions.crops import keep, sweep_some
from server.predictions.errors import (
    AccountGone,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    PredictionNotFound,
)
from server.predictions.given_texts import file_name_of, search_text
from server.predictions.inference import inference
from server.predictions.models import MAX_IDEMPOTENCY_KEY_LENGTH, Prediction
from server.predictions.storing import store

STORED_SCORES = 10
PROBABILITY_DECIMALS = 6  # float32 knows no more, and engines agree on fewer


def predict(
    user: User,
    image: bytes,
    *,
    model: str | None = None,
    idempotency_key: str | None = None,
    file_name: str | None = None,
    admit: Callable[[User], TaughtClassifier | None] | None = None,
) -> Prediction:
    """Classify a photo and store the answer, its crop and its count in one transaction.

    A retry with the same key gets the first answer, also when both arrive at once, and costs
    nothing.

    Args:
        user: who predicts.
        image: the photo, in one of the formats that can be read.
        model: the name of the model that is wanted; the default one where this is None.
        idempotency_key: what a retry is known by.
        file_name: what the sender calls the photo.
        admit: refuses what need not be begun, such as without quota; returns the classifier that
            is to answer where that is none of the built-in ones. Without it the quota alone does.

    Raises:
        IdempotencyKeyInvalid, IdempotencyKeyReused, AccountGone: see `server.predictions.errors`.
        QuotaSpent: no prediction is left today. ClassifierError: see `server.classifier.errors`;
        `Busy` and every refusal of an image among it.
    """
    if idempotency_key is not None:
        if not 0 < len(idempotency_key) <= MAX_IDEMPOTENCY_KEY_LENGTH or "\x00" in idempotency_key:
            raise IdempotencyKeyInvalid(MAX_IDEMPOTENCY_KEY_LENGTH)
        earlier = _earlier_answer(user, image, model, idempotency_key)
        if earlier is not None:
            return earlier
    try:
        answer = inference().classify(image, model, (admit or require_quota)(user))
        return _store(user, answer, idempotency_key, file_name)
    except (IntegrityError, QuotaSpent) as error:
        # Meanwhile the same key was stored, perhaps as the last of the day, or the account deleted.
        # Nothing of this one was kept.
        if idempotency_key is not None:
            earlier = _earlier_answer(user, image, model, idempotency_key)
            if earlier is not None:
                return earlier
        if not User.objects.filter(pk=user.pk).exists():
            raise AccountGone from error
        raise


def delete_prediction(user: User, prediction_id: int) -> None:
    """Delete a prediction with its crop.

    Raises:
        PredictionNotFound: the user has no such prediction.
    """
    if not _delete(user, Prediction.objects.filter(user=user, pk=prediction_id)):
        raise PredictionNotFound
    sweep_some()


def clear_history(user: User) -> int:
    """Delete all predictions of the user with their crops, and return how many there were."""
    with longer_waits():  # it may be a long one
        deleted = _delete(user, Prediction.objects.filter(user=user))
    sweep_some()
    return deleted


@transaction.atomic
def _delete(user: User, predictions: QuerySet[Prediction]) -> int:
    # Alone with the account: two that delete the same rows in two orders would wait for each other.
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).first()
    deleted, _ = predictions.delete()
    return deleted


def _earlier_answer(user: User, image: bytes, model: str | None, key: str) -> Prediction | None:
    earlier = (
        Prediction.objects.select_related("model_version")
        .defer("embedding", "signature", "model_version__labels")
        .filter(user=user, idempotency_key=key)
        .first()
    )
    if earlier is not None and (
        earlier.image_sha256 != hashlib.sha256(image).hexdigest()
        or model not in (None, earlier.model_version.name)
    ):
        raise IdempotencyKeyReused
    return earlier


def top_scores(answer: Answer) -> list[Score]:
    """Return the most probable labels of an answer, as they are stored and told."""
    return [
        score._replace(probability=round(score.probability, PROBABILITY_DECIMALS))
        for score in answer.classification.top(STORED_SCORES)
    ]


def columns_of(
    answer: Answer, idempotency_key: str | None, file_name: str | None
) -> dict[str, Any]:
    """Return what is stored of an answer, by the columns of `Prediction`; without a signature."""
    classification, image = answer.classification, answer.image
    scores, name = top_scores(answer), file_name_of(file_name)
    return {
        "is_known": classification.is_known,
        "label": scores[0].label,
        "confidence": scores[0].probability,
        "scores": scores,
        "image_width": image.width,
        "image_height": image.height,
        "image_format": image.format,
        "image_bytes": image.byte_count,
        "image_sha256": image.sha256,
        "duration_ms": round(answer.duration_ms, 3),
        "idempotency_key": idempotency_key,
        "file_name": name,
        "search_text": search_text(scores[0].label, None, name),
        "embedding": classification.embedding.astype("<f2").tobytes(),
    }


def _store(
    user: User, answer: Answer, idempotency_key: str | None, file_name: str | None
) -> Prediction:
    columns = columns_of(answer, idempotency_key, file_name)
    embedding = np.frombuffer(columns["embedding"], "<f2")
    columns["signature"] = as_bits(signatures(embedding[np.newaxis])[0])
    card = answer.classification.card
    return store(user, card, columns, keep(encode_crop(answer.crop)))
