from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import timezone as clock
from pytest_django import DjangoAssertNumQueries, Settings

from server.accounts.errors import QuotaSpent
from server.accounts.models import DailyUsage, Scope, User
from server.accounts.quota import (
    COUNTS_KEPT,
    QuotaStatus,
    quota_spent,
    quota_status,
    require_quota,
    spend_one,
    spending,
)
from server.accounts.tokens import authenticate_token, create_token
from server.postgres.statements import fetch
from server.predictions.models import Prediction, PredictionCrop
from server.predictions.services import predict
from tests.support.row_waits import meeting_at_row
from tests.support.threads import at_once

TODAY = date(2026, 3, 1)
TOMORROW = datetime(2026, 3, 2, tzinfo=UTC)


def spend_quota(user: User) -> None:
    if not fetch(spend_one(), spending(user)):
        raise quota_spent(user)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(datetime(2026, 3, 1, 12, tzinfo=UTC))
    return set_to


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("alice@example.org")


@pytest.mark.usefixtures("set_clock")
def test_counts_what_is_spent(user: User, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 3
    assert quota_status(user) == QuotaStatus(limit=3, used=0, resets_at=TOMORROW)

    spend_quota(user)
    spend_quota(user)

    assert quota_status(user) == QuotaStatus(limit=3, used=2, resets_at=TOMORROW)
    assert DailyUsage.objects.values_list("user", "day", "predictions").get() == (
        user.pk,
        TODAY,
        2,
    )


@pytest.mark.usefixtures("set_clock")
def test_refuses_what_is_beyond_the_limit_and_counts_it_not(user: User, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    require_quota(user)
    spend_quota(user)

    for refused in (require_quota, spend_quota):
        with pytest.raises(QuotaSpent) as caught:
            refused(user)
        assert (caught.value.limit, caught.value.resets_at) == (1, TOMORROW)

    assert quota_status(user).used == 1


def test_a_limit_of_nothing_allows_nothing(user: User, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 0

    for refused in (require_quota, spend_quota):
        with pytest.raises(QuotaSpent):
            refused(user)

    assert DailyUsage.objects.count() == 0


def test_a_limit_that_was_lowered_below_what_is_used_refuses(
    user: User, settings: Settings
) -> None:
    DailyUsage.objects.create(user=user, day=clock.now().astimezone(UTC).date(), predictions=9)
    settings.PREDICTIONS_PER_DAY = 5

    with pytest.raises(QuotaSpent):
        spend_quota(user)

    assert quota_status(user).used == 9


@pytest.mark.parametrize("hours", [-11, 0, 14])
def test_a_day_ends_at_midnight_in_utc_whatever_zone_the_clock_is_in(
    user: User, settings: Settings, set_clock: Callable[[datetime], None], hours: int
) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    zone = timezone(timedelta(hours=hours))

    set_clock(datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC).astimezone(zone))
    spend_quota(user)
    with pytest.raises(QuotaSpent):
        require_quota(user)
    assert quota_status(user).resets_at == TOMORROW

    set_clock(TOMORROW.astimezone(zone))
    require_quota(user)
    spend_quota(user)
    assert list(DailyUsage.objects.order_by("day").values_list("day", "predictions")) == [
        (TODAY, 1),
        (TODAY + timedelta(days=1), 1),
    ]


def test_what_is_used_is_asked_along_with_a_token_and_told_once(
    user: User, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.PREDICTIONS_PER_DAY = 2
    spend_quota(user)
    _, secret = create_token(user, name="photos", scopes=[Scope.PREDICT], expires_at=None)

    found = authenticate_token(secret).user
    with django_assert_num_queries(0):
        require_quota(found)
    spend_quota(user)
    with pytest.raises(QuotaSpent):
        require_quota(found)
    found = authenticate_token(secret).user
    with django_assert_num_queries(0), pytest.raises(QuotaSpent):
        require_quota(found)


def test_what_was_used_of_a_day_is_nothing_to_who_has_waited_past_its_end(
    user: User, settings: Settings, set_clock: Callable[[datetime], None]
) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    _, secret = create_token(user, name="photos", scopes=[Scope.PREDICT], expires_at=None)
    set_clock(TOMORROW - timedelta(seconds=5))
    spend_quota(user)
    found = authenticate_token(secret).user

    set_clock(TOMORROW + timedelta(seconds=3))
    require_quota(found)
    spend_quota(found)
    with pytest.raises(QuotaSpent):
        require_quota(found)


def test_accounts_do_not_share_it(user: User, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    spend_quota(user)

    other = User.objects.create_user("bob@example.org")
    spend_quota(other)

    assert (quota_status(user).used, quota_status(other).used) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_take_the_last_prediction_of_the_day(
    settings: Settings, classifier_is_ready: None, cat: bytes
) -> None:
    settings.PREDICTIONS_PER_DAY = 2
    user = User.objects.create_user("alice@example.org")
    predict(user, cat)

    # Both have found one left and classified the photo before either may count.
    attempts = meeting_at_row(
        DailyUsage.objects.filter(user=user),
        lambda: predict(user, cat),
        lambda: predict(user, cat),
    )

    errors = [type(attempt.exception()) for attempt in attempts]
    assert sorted(errors, key=str) == [type(None), QuotaSpent]
    assert Prediction.objects.count() == PredictionCrop.objects.count() == 2
    assert quota_status(user).used == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_take_the_only_prediction_of_the_day(
    settings: Settings, classifier_is_ready: None, cat: bytes
) -> None:
    settings.PREDICTIONS_PER_DAY = 1
    user = User.objects.create_user("alice@example.org")

    def attempt() -> type:
        try:
            return type(predict(user, cat))
        except QuotaSpent as error:
            return type(error)

    outcomes = at_once([attempt, attempt])

    assert set(outcomes) == {Prediction, QuotaSpent}
    assert Prediction.objects.count() == PredictionCrop.objects.count() == 1
    assert quota_status(user).used == 1


def test_counts_of_long_ago_end_with_the_first_prediction_of_a_day(
    user: User, classifier_is_ready: None, cat: bytes
) -> None:
    bob = User.objects.create_user("bob@example.org")
    today = clock.now().astimezone(UTC).date()
    days = [today - COUNTS_KEPT - timedelta(days=2), today - COUNTS_KEPT, today - timedelta(days=1)]
    for owner in (user, bob):
        for day in days:
            DailyUsage.objects.create(user=owner, day=day, predictions=5)

    predict(user, cat)

    def days_of(owner: User) -> list[date]:
        return list(owner.daily_usage.order_by("day").values_list("day", flat=True))

    assert days_of(user) == [*days[1:], today]
    assert days_of(bob) == days  # his own end with his own


def test_the_second_of_a_day_looks_for_none(
    user: User, classifier_is_ready: None, cat: bytes
) -> None:
    predict(user, cat)
    long_ago = clock.now().date() - COUNTS_KEPT - timedelta(days=2)
    DailyUsage.objects.create(user=user, day=long_ago, predictions=5)

    predict(user, cat)

    assert DailyUsage.objects.filter(day=long_ago).exists()
