"""Accounts and predictions written straight into the database, where the model is not the point."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

from server.accounts.models import User
from server.classifier.card import EFFICIENTNET_LITE0
from server.predictions.models import ModelVersion, Prediction, PredictionCrop
from tests.support.api import Api

SERVED = EFFICIENTNET_LITE0
START = datetime(2026, 1, 1, tzinfo=UTC)
LABELS = ["lynx", "tiger cat", 'a "quoted" näme']
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


@contextmanager
def varied_history(email: str) -> Iterator[User]:
    """A user of sixty predictions with equal confidences, equal moments and several models.

    Outside of any test's transaction, so all accounts and predictions are gone afterwards.
    """
    user = User.objects.create_user(email)
    versions = [model_version(), model_version("retired", "1"), model_version("retired", "2")]
    rows = [
        {
            "label": LABELS[number % 3],
            "confidence": (number * 7 % 11) / 11,
            "created_at": START + timedelta(seconds=number // 2, microseconds=number % 5),
            "scores": [[f"label {place}", 1 / (place + 2)] for place in range(10)],
            "model_version": versions[number % 3],
        }
        for number in range(60)
    ]
    store_predictions(user, rows)
    store_predictions(User.objects.create_user("other@example.org"), rows[:5])
    try:
        yield user
    finally:
        Prediction.objects.all().delete()
        User.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE predictions_modelversion CASCADE")
