"""That the suite would notice what must not happen; else its silence says nothing."""

from typing import Any

import pytest
from django.db import connection

from faults.database import Database
from faults.invariants import broken
from faults.load import Acknowledged, Tally
from server.accounts.models import DailyUsage, User
from server.api.node import global_id
from server.predictions.models import Prediction, PredictionCrop
from tests.support.stored import store_prediction

pytestmark = pytest.mark.django_db
SHA256 = "0" * 64


class TestDatabase(Database):
    __test__ = False

    def __init__(self) -> None:
        pass

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())


@pytest.fixture
def stored() -> Prediction:
    user = User.objects.create_user("alice@example.org")
    DailyUsage.objects.create(user=user, day="2026-09-01", predictions=1)
    return store_prediction(user, idempotency_key="photo-1", image_sha256=SHA256)


def acknowledged(prediction: Prediction) -> Acknowledged:
    return Acknowledged(0, "photo-1", global_id("Prediction", prediction.pk), SHA256)


def found(prediction: Prediction, tally: Tally | None = None) -> list[str]:
    return broken(TestDatabase(), [acknowledged(prediction)], tally or Tally())


def test_nothing_is_found_where_nothing_broke(stored: Prediction) -> None:
    assert found(stored) == []


def test_a_wrong_answer_is_found(stored: Prediction) -> None:
    sentences = found(stored, Tally(wrong=["photo-1 is a teapot"]))
    assert sentences == ["an answer is wrong: photo-1 is a teapot"]


def test_a_lost_prediction_is_found(stored: Prediction) -> None:
    promise = acknowledged(stored)
    DailyUsage.objects.update(predictions=0)
    stored.delete()
    sentences = broken(TestDatabase(), [promise], Tally())
    assert sentences == ["the acknowledged photo-1 is not in the history"]


def test_a_prediction_without_a_crop_is_found(stored: Prediction) -> None:
    PredictionCrop.objects.all().delete()
    assert found(stored) == [f"prediction {stored.pk} has no crop"]


def test_a_wrong_count_is_found(stored: Prediction) -> None:
    DailyUsage.objects.update(predictions=2)
    assert found(stored) == [f"user {stored.user_id} has 1 predictions, but 2 are counted"]


def test_another_photo_under_the_same_id_is_found(stored: Prediction) -> None:
    Prediction.objects.update(image_sha256="1" * 64)
    assert found(stored) == ["the acknowledged photo-1 is not in the history"]


def test_what_clients_should_not_see_is_found(stored: Prediction) -> None:
    tally = Tally(given_up=1, of_others=["abc"])
    tally.unclear["stack trace"] = 2
    assert found(stored, tally) == [
        "a client was shown what is another's: abc",
        "2 times: stack trace",
        "1 photos were never answered",
    ]
