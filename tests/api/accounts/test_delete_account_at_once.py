"""An account is deleted while something of it is written: one waits for the other, neither fails.

Each test lets two real transactions meet where they would hold what the other needs: the one that
deletes has the user's row, and waits until the other is stopped by it.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from server.accounts.models import DailyUsage, User
from server.predictions.errors import PredictionNotFound
from server.predictions.models import Prediction
from server.predictions.services import clear_history, delete_prediction
from tests.support.api import Api
from tests.support.row_waits import wait_for_waiting
from tests.support.stored import signed_in, store_prediction
from tests.support.threads import TIMEOUT_SECONDS, at_once, start

pytestmark = pytest.mark.django_db(transaction=True)
Returned = TypeVar("Returned")


def deleted_meanwhile(user: User, action: Callable[[], Returned]) -> Returned:
    """Delete an account while an action of it waits for its row; what the action returned."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=user.pk)
            running = start(pool, action)
            wait_for_waiting(1)
            locked.delete()
        return running.result(TIMEOUT_SECONDS)


def test_a_prediction_holds_nothing_that_deleting_needs(
    classifier_is_ready: None, cat: bytes
) -> None:
    alice = signed_in("alice@example.org")
    user = User.objects.get()
    DailyUsage.objects.create(user=user, day=datetime.now(UTC).date(), predictions=1)

    answer = deleted_meanwhile(user, lambda: alice.upload(cat))

    assert answer.codes == ["UNAUTHENTICATED"]
    assert not User.objects.exists()
    assert not Prediction.objects.exists()
    assert not DailyUsage.objects.exists()


@pytest.mark.parametrize("which", ["one", "all"])
def test_deleting_from_the_history_does_not_either(which: str) -> None:
    user = User.objects.create_user("alice@example.org")
    keys = [store_prediction(user).pk for _ in range(3)]

    if which == "one":
        with pytest.raises(PredictionNotFound):
            deleted_meanwhile(user, lambda: delete_prediction(user, keys[0]))
    else:
        assert deleted_meanwhile(user, lambda: clear_history(user)) == 0

    assert not User.objects.exists()


def test_retention_leaves_an_account_that_somebody_is_deleting(
    settings: pytest.FixtureRequest,
) -> None:
    settings.PREDICTION_RETENTION_DAYS = 1  # type: ignore[attr-defined]
    user = User.objects.create_user("alice@example.org")
    store_prediction(user, created_at=timezone.now() - timedelta(days=2))

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        locked = User.objects.select_for_update().get()
        start(pool, lambda: call_command("apply_retention")).result(TIMEOUT_SECONDS)
        assert Prediction.objects.count() == 1
        locked.delete()

    assert not Prediction.objects.exists()


def test_predictions_at_once_do_not_wait_for_each_other_in_a_circle(
    classifier_is_ready: None, cat: bytes
) -> None:
    alice = signed_in("alice@example.org")

    def upload() -> list[object]:
        client = Api()
        client.http.cookies = alice.http.cookies.copy()
        return client.upload(cat).data["predict"]["errors"]

    assert at_once([upload] * 4) == [[]] * 4
    assert DailyUsage.objects.get().predictions == 4
