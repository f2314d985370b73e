"""Actions that meet at a row of the database, each on a connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from tests.support.threads import TIMEOUT_SECONDS, start

Returned = TypeVar("Returned")


def meeting_at_row(
    row: QuerySet[Model], *actions: Callable[[], Returned]
) -> list[Future[Returned]]:
    """Run the actions at once, and hold the row they need until every one of them waits for it.

    So they are all past whatever they check before, whichever the scheduler favours.
    """
    with ThreadPoolExecutor(len(actions)) as pool:
        with transaction.atomic():
            row.select_for_update().get()
            futures = [start(pool, action) for action in actions]
            wait_for_waiting(len(actions))
        for future in futures:
            future.exception(TIMEOUT_SECONDS)
    return futures


def wait_for_waiting(count: int) -> None:
    """Wait until that many connections to the database wait for a lock."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it is the transaction's first
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0] == count:
                return
        time.sleep(0.02)
    raise AssertionError(f"{count} actions should have waited for the row.")
