from collections.abc import Callable

import pytest
from django.test import override_settings

from server.accounts.models import DailyUsage
from server.classifier.card import EFFICIENTNET_LITE0
from server.predictions.models import Prediction, PredictionCrop
from tests.support.api import Api
from tests.support.stored import model_version, store_prediction, user_named


def test_a_retry_gets_the_first_answer_and_costs_nothing(alice: Api, cat: bytes) -> None:
    first = alice.upload(cat, idempotencyKey="once").data["predict"]
    second = alice.predict(cat, idempotencyKey="once").data["predict"]

    assert first["errors"] == []
    assert second == first
    assert Prediction.objects.count() == 1
    assert DailyUsage.objects.get().predictions == 1


def test_a_retry_is_answered_when_the_quota_is_spent(alice: Api, cat: bytes) -> None:
    with override_settings(PREDICTIONS_PER_DAY=1):
        first = alice.upload(cat, idempotencyKey="last").data["predict"]
        second = alice.upload(cat, idempotencyKey="last").data["predict"]

    assert second == first
    assert second["errors"] == []


def test_the_default_model_may_be_named_in_the_retry(alice: Api, cat: bytes) -> None:
    first = alice.upload(cat, idempotencyKey="once").data["predict"]
    second = alice.upload(cat, idempotencyKey="once", model=EFFICIENTNET_LITE0.name).data["predict"]

    assert second == first


def test_the_same_key_of_somebody_else_is_another_answer(alice: Api, bob: Api, cat: bytes) -> None:
    hers = alice.upload(cat, idempotencyKey="once").data["predict"]["prediction"]
    his = bob.upload(cat, idempotencyKey="once").data["predict"]["prediction"]

    assert hers["id"] != his["id"]
    assert Prediction.objects.count() == 2


def test_without_a_key_every_request_is_a_prediction(alice: Api, cat: bytes) -> None:
    alice.upload(cat)
    alice.upload(cat, idempotencyKey=None)

    assert Prediction.objects.count() == 2


def test_a_key_with_another_image_is_refused(
    alice: Api, cat: bytes, photo: Callable[[str], bytes]
) -> None:
    alice.upload(cat, idempotencyKey="once")

    payload = alice.upload(photo("coffee.png"), idempotencyKey="once").data["predict"]

    assert payload["prediction"] is None
    (error,) = payload["errors"]
    assert error["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert error["field"] == ["input", "idempotencyKey"]
    assert Prediction.objects.count() == 1


def test_a_key_with_another_model_is_refused(alice: Api, cat: bytes) -> None:
    identity = alice.upload(cat, idempotencyKey="once").data["predict"]["prediction"]["id"]
    Prediction.objects.update(model_version=model_version("retired", "3"))

    named = alice.upload(cat, idempotencyKey="once", model=EFFICIENTNET_LITE0.name)
    unnamed = alice.upload(cat, idempotencyKey="once")

    assert [error["code"] for error in named.data["predict"]["errors"]] == [
        "IDEMPOTENCY_KEY_REUSED"
    ]
    answer = unnamed.data["predict"]["prediction"]
    assert (answer["id"], answer["model"]["name"]) == (identity, "retired")


def test_a_deleted_prediction_frees_its_key(alice: Api, cat: bytes) -> None:
    first = alice.upload(cat, idempotencyKey="once").data["predict"]["prediction"]
    alice.execute("mutation { clearHistory { deletedCount } }")

    second = alice.upload(cat, idempotencyKey="once").data["predict"]

    assert second["errors"] == []
    assert second["prediction"]["id"] != first["id"]
    assert PredictionCrop.objects.count() == 1


@pytest.mark.parametrize("image", [b"", b"no image"])
def test_an_image_at_fault_does_not_take_the_key(alice: Api, cat: bytes, image: bytes) -> None:
    alice.upload(image, idempotencyKey="once")

    assert alice.upload(cat, idempotencyKey="once").data["predict"]["errors"] == []


def test_a_key_of_old_rows_is_found_among_many(alice: Api, cat: bytes) -> None:
    user = user_named("alice@example.org")
    for number in range(5):
        store_prediction(user, idempotency_key=f"key {number}", image_sha256="1" * 64)

    payload = alice.upload(cat, idempotencyKey="key 3").data["predict"]

    assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_KEY_REUSED"]
