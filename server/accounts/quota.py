"""How many predictions an account may make in a day.

The count is raised by the statement that stores the prediction (`spend_one` is a part of it):
PostgreSQL locks the row, so two workers can't both take the last one, and a prediction that is not
stored is not counted.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from server.accounts.errors import QuotaSpent
from server.accounts.models import User
from server.postgres.statements import fetch

COUNTS_KEPT = timedelta(days=31)  # to be looked at in the admin

# What is used of the day, which is its parameter. It may stand within another statement, in
# brackets, after the key of the user in its place.
USED_OF = "SELECT predictions FROM accounts_dailyusage WHERE user_id = {} AND day = %s"
USED = USED_OF.format("%s")  # its parameters are those of `using`


@dataclass(frozen=True)
class QuotaStatus:
    """What is left of the day."""

    limit: int
    used: int
    resets_at: datetime

    @property
    def remaining(self) -> int:
        """How many are left; none where the limit was lowered below what is used."""
        return max(0, self.limit - self.used)


def quota_status(user: User) -> QuotaStatus:
    """Return how much of today's quota is used."""
    rows = fetch(USED, using(user))
    return _status(rows[0][0] if rows else 0)


def using(user: User) -> list[object]:
    """Return the parameters of `USED`."""
    return [user.pk, today()]


def note_used(user: User, day: date, used: int | None) -> None:
    """Note what the statement that found the user has said is used of the day."""
    user.used_when_found = day, used or 0


def require_quota(user: User) -> None:
    """Refuse early, before any work is done, what `spend_one` would refuse.

    What was noted when the user was found is told once, and only on its day: whoever asks again, or
    has waited past midnight, asks the database.

    Raises:
        QuotaSpent: no prediction is left today.
    """
    noted, user.used_when_found = user.used_when_found, None
    day, used = noted or (None, 0)
    _require_left(_status(used) if day == today() else quota_status(user))


def require_quota_of(used: int | None) -> None:
    """Refuse the same where `USED` was asked along with something else, and said this.

    Raises:
        QuotaSpent: no prediction is left today.
    """
    _require_left(_status(used or 0))


def today() -> date:
    """Return the day that predictions are counted for."""
    return timezone.now().astimezone(UTC).date()


def _require_left(status: QuotaStatus) -> None:
    if status.used >= status.limit:
        raise QuotaSpent(status.limit, status.resets_at)


def spend(user: User) -> None:
    """Count one, within the transaction of what it is spent for.

    Raises:
        QuotaSpent: no prediction is left today.
    """
    statement = f"""
        WITH spent AS ({spend_one()}), forgotten AS ({forget_old()}) SELECT predictions FROM spent
    """  # noqa: S608 - of our names
    if not fetch(statement, [*spending(user), *forgetting(user)]):
        raise quota_spent(user)


def spend_one(condition: str = "true") -> str:
    """Return the statement that counts one prediction, as a part for others.

    It returns a row where there was something left, and none where there was not or the condition
    is not met. Its parameters are those of `spending`.
    """
    return f"""
        INSERT INTO accounts_dailyusage AS usage (user_id, day, predictions)
        SELECT %s::bigint, %s::date, 1 WHERE %s::integer > 0 AND {condition}
        ON CONFLICT (user_id, day) DO UPDATE SET predictions = usage.predictions + 1
        WHERE usage.predictions < %s::integer
        RETURNING predictions
    """


def forget_old() -> str:
    """Return the statement that ends the counts of long ago with the first one of a day, as a part.

    It stands beside `spend_one` as `spent`, and its parameters are those of `forgetting`.
    """
    return """
        DELETE FROM accounts_dailyusage WHERE user_id = %s::bigint AND day < %s::date
        AND EXISTS (SELECT FROM spent WHERE predictions = 1)
    """


def forgetting(user: User) -> list[object]:
    """Return the parameters of `forget_old`."""
    return [user.pk, today() - COUNTS_KEPT]


def spending(user: User) -> list[object]:
    """Return the parameters of `spend_one`."""
    limit = settings.PREDICTIONS_PER_DAY
    return [user.pk, today(), limit, limit]


def quota_spent(user: User) -> QuotaSpent:
    """Return the error that there is nothing left to spend."""
    status = quota_status(user)
    return QuotaSpent(status.limit, status.resets_at)


def _status(used: int) -> QuotaStatus:
    resets_at = datetime.combine(today() + timedelta(days=1), time(), UTC)
    return QuotaStatus(settings.PREDICTIONS_PER_DAY, used, resets_at)
