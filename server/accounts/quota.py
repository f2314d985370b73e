"""How many predictions an account may make in a day.

The count is raised by one conditional statement in the transaction that stores the prediction:
PostgreSQL locks the row, so two workers can't both take the last one, and a prediction that is not
stored is not counted.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from server.accounts.errors import QuotaSpent
from server.accounts.models import DailyUsage, User


@dataclass(frozen=True)
class QuotaStatus:
    """What is left of the day."""

    limit: int
    used: int
    resets_at: datetime


def quota_status(user: User) -> QuotaStatus:
    """Return how much of today's quota is used."""
    today = timezone.now().astimezone(UTC).date()
    usage = DailyUsage.objects.filter(user=user, day=today).values_list("predictions", flat=True)
    resets_at = datetime.combine(today + timedelta(days=1), time(), UTC)
    return QuotaStatus(settings.PREDICTIONS_PER_DAY, usage.first() or 0, resets_at)


def require_quota(user: User) -> None:
    """Refuse early, before any work is done, what `spend_quota` would refuse.

    Raises:
        QuotaSpent: no prediction is left today.
    """
    status = quota_status(user)
    if status.used >= status.limit:
        raise QuotaSpent(status.limit, status.resets_at)


def spend_quota(user: User) -> None:
    """Count one prediction, in the caller's transaction.

    Raises:
        QuotaSpent: no prediction is left today.
    """
    today = timezone.now().astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_dailyusage AS usage (user_id, day, predictions)
            SELECT %(user)s, %(day)s, 1 WHERE %(limit)s > 0
            ON CONFLICT (user_id, day) DO UPDATE SET predictions = usage.predictions + 1
            WHERE usage.predictions < %(limit)s
            RETURNING predictions
            """,
            {"user": user.pk, "day": today, "limit": settings.PREDICTIONS_PER_DAY},
        )
        spent = cursor.fetchone() is not None
    if not spent:
        status = quota_status(user)
        raise QuotaSpent(status.limit, status.resets_at)
