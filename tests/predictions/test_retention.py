"""`manage.py apply_retention` deletes what is too old, and nothing else."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from server.accounts.models import User
from server.predictions import retention
from server.predictions.models import Prediction, PredictionCrop
from tests.support.stored import store_prediction, store_predictions
from tests.support.threads import start


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.org")


@pytest.fixture(autouse=True)
def thirty_days(settings: Settings) -> None:
    settings.PREDICTION_RETENTION_DAYS = 30


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH_ROWS", 2)


def apply() -> str:
    output = io.StringIO()
    call_command("apply_retention", stdout=output)
    return output.getvalue()


def store(user: User, *days_ago: float) -> list[int]:
    now = timezone.now()
    return [store_prediction(user, created_at=now - timedelta(days=days)).pk for days in days_ago]


def test_what_is_too_old_is_deleted_with_its_crop(alice: User, bob: User) -> None:
    old = [*store(alice, 31, 400), *store(bob, 30.01)]
    young = [*store(alice, 29.9, 0), *store(bob, 1)]

    assert "Deleted 3 predictions" in apply()

    assert set(Prediction.objects.values_list("pk", flat=True)) == set(young)
    assert not PredictionCrop.objects.filter(pk__in=old).exists()
    assert PredictionCrop.objects.count() == len(young)


def test_zero_days_keep_everything(alice: User, settings: Settings) -> None:
    settings.PREDICTION_RETENTION_DAYS = 0
    store(alice, 10_000)

    assert "kept for ever" in apply()

    assert Prediction.objects.count() == 1


def test_doing_it_again_deletes_nothing_more(alice: User) -> None:
    store(alice, 31, 1)
    apply()

    assert "Deleted 0 predictions" in apply()


@pytest.mark.django_db(transaction=True)
def test_every_batch_is_kept_by_itself(alice: User, small_batches: None) -> None:
    store(alice, 35, 34, 33, 32, 31)
    batches = retention.delete_before(timezone.now() - timedelta(days=30))

    assert next(batches) == 2
    # The command may be killed now: what is done is done.
    assert not connection.in_atomic_block
    assert Prediction.objects.count() == 3
    assert list(batches) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_nobody_and_leaves_what_is_worked_on(alice: User, small_batches: None) -> None:
    locked, *_ = store(alice, 35, 34, 33)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Prediction.objects.select_for_update().get(pk=locked)
            output = start(pool, apply).result(timeout=20)
        assert "Deleted 2 predictions" in output

    assert list(Prediction.objects.values_list("pk", flat=True)) == [locked]
    assert "Deleted 1 predictions" in apply()


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_read_off_the_index_of_the_history(alice: User) -> None:
    columns = [{"created_at": timezone.now() - timedelta(days=day / 10)} for day in range(3_000)]
    store_predictions(alice, columns)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE predictions_prediction")
    plan = (
        Prediction.objects.filter(user=alice, created_at__lt=timezone.now() - timedelta(days=290))
        .order_by("created_at", "pk")[: retention.BATCH_ROWS]
        .explain()
    )
    assert "history_by_time" in plan
    assert "Seq Scan" not in plan
