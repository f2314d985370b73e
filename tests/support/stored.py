"""Accounts and predictions written straight into the database, where the model is not the point."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

from server.accounts.models import User
from server.classifier.card import EFFICIENTNET_LITE0
from server.predictions.models import ModelVersion, Prediction, PredictionCrop
from tests.support.api import Api

SERVED = EFFICIENTNET_LITE0
PASSWORD_BACKEND = "server.accounts.password_backend.PasswordBackend"


def user_named(email: str) -> User:
    return User.objects.get(email=email)


def model_version(
    name: str = SERVED.name, version: str = SERVED.version, **columns: object
) -> ModelVersion:
    described = {
        "labels": list(SERVED.labels),
        "license": SERVED.license,
        "source": SERVED.source,
        "weights_sha256": SERVED.weights_sha256,
    }
    row, _ = ModelVersion.objects.get_or_create(
        name=name, version=version, defaults=described | columns
    )
    return row


def unsaved_prediction(
    user: User, *, label: str = "tiger cat", confidence: float = 0.5, **columns: object
) -> Prediction:
    described = {
        "label": label,
        "confidence": confidence,
        "scores": [[label, confidence], ["lynx", confidence / 2]],
        "image_width": 640,
        "image_height": 480,
        "image_format": "JPEG",
        "image_bytes": 100_000,
        "image_sha256": "0" * 64,
        "duration_ms": 12.5,
        "embedding": bytes(2560),
    }
    if "model_version" not in columns:
        described["model_version"] = model_version()
    return Prediction(user=user, **described | columns)


def store_prediction(user: User, **columns: Any) -> Prediction:  # noqa: ANN401 - any column
    prediction = unsaved_prediction(user, **columns)
    prediction.save()
    PredictionCrop.objects.create(prediction=prediction, webp=b"a crop")
    return prediction


def store_predictions(user: User, rows: Iterable[Mapping[str, Any]]) -> list[Prediction]:
    """Store predictions without crops, in one statement; their ids grow in the order given."""
    return Prediction.objects.bulk_create([unsaved_prediction(user, **row) for row in rows])


def signed_in(email: str) -> Api:
    """A client with a session of a new account, without the slow hashing of a password."""
    client = Api()
    client.http.force_login(User.objects.create_user(email), PASSWORD_BACKEND)
    client.http.cookies["csrftoken"] = get_random_string(CSRF_SECRET_LENGTH)
    return client
