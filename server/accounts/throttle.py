"""How often something may be tried in a while, counted by all workers together.

A window begins with the first try and ends by itself; tries beyond its number are refused until
then. One statement counts and decides, and PostgreSQL locks the row for it, so that no two workers
can both take the last try. What is counted (an address, an account) is kept as a keyed digest
alone, and no longer than its window: each window that begins removes some that have ended.

Never to be used within a transaction that does more: it would hold the row of everybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from server.accounts.errors import TriesSpent
from server.accounts.models import ThrottleWindow

ENDED_WINDOWS_REMOVED = 10  # by each that begins: the table never grows beyond what is in force


@dataclass(frozen=True)
class Limit:
    """How many tries of a kind are allowed in a period."""

    name: str
    tries: int
    period: timedelta


Try = tuple[Limit, str]  # one of a limit, and whose it is


def take_all(tries: Sequence[Try]) -> None:
    """Count one try of each, in their order, or none of any.

    Raises:
        TriesSpent: there is none left of one of them.
    """
    for number, (limit, subject) in enumerate(tries):
        try:
            take(limit, subject)
        except TriesSpent:
            for taken_limit, taken_subject in tries[:number]:
                give_back(taken_limit, taken_subject)
            raise


def take(limit: Limit, subject: str) -> None:
    """Count one try of the subject.

    Raises:
        TriesSpent: there is none left in this window.
    """
    key = _key(limit, subject)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_throttlewindow AS window_of_key (key, ends_at, taken)
            SELECT %(key)s, statement_timestamp() + make_interval(secs => %(seconds)s), 1
            WHERE %(tries)s > 0
            ON CONFLICT (key) DO UPDATE SET
                taken = CASE WHEN window_of_key.ends_at <= statement_timestamp()
                             THEN 1 ELSE window_of_key.taken + 1 END,
                ends_at = CASE WHEN window_of_key.ends_at <= statement_timestamp()
                               THEN excluded.ends_at ELSE window_of_key.ends_at END
            WHERE window_of_key.ends_at <= statement_timestamp()
                OR window_of_key.taken < %(tries)s
            RETURNING taken
            """,
            {"key": key, "seconds": limit.period.total_seconds(), "tries": limit.tries},
        )
        row = cursor.fetchone()
    if row is None:
        raise TriesSpent(_time_left(key) or limit.period)
    if row == (1,):
        _remove_ended()


def give_back(limit: Limit, subject: str) -> None:
    """Take back one try that turned out to be none of those that are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_throttlewindow SET taken = taken - 1 WHERE key = %s AND taken > 0",
            [_key(limit, subject)],
        )


def forget(limit: Limit, subject: str) -> None:
    """Begin anew for the subject."""
    ThrottleWindow.objects.filter(key=_key(limit, subject)).delete()


def _key(limit: Limit, subject: str) -> str:
    return salted_hmac(f"{__name__}:{limit.name}", subject, algorithm="sha256").hexdigest()


def _time_left(key: str) -> timedelta | None:
    ends_at = ThrottleWindow.objects.filter(key=key).values_list("ends_at", flat=True).first()
    return None if ends_at is None else max(ends_at - timezone.now(), timedelta(seconds=1))


def _remove_ended() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM accounts_throttlewindow WHERE key = ANY(ARRAY(
                SELECT key FROM accounts_throttlewindow WHERE ends_at <= statement_timestamp()
                ORDER BY ends_at LIMIT %s FOR UPDATE SKIP LOCKED
            ))
            """,  # an array is looked up once; `IN` may look again for each row, and find others
            [ENDED_WINDOWS_REMOVED],
        )
