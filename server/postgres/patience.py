"""How long a request waits for PostgreSQL: all of its statements together, whatever is wrong.

A server that is away refuses, one that is busy can be told to stop (`statement_timeout`); a network
or a pooler that has fallen silent does neither, and a thread would wait in libpq for minutes. So
psycopg2 waits through a callback, which its documentation offers to coroutine libraries
(https://www.psycopg.org/docs/advanced.html#support-for-coroutine-libraries), and which ends the
connection when patience does.

Commands such as `migrate` take the time they need: only what serves requests calls `limit_waits`.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.core.signals import request_finished, request_started
from django.db import connection, transaction
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, set_wait_callback

# Only where no pooler stands between: what one client sets there, another may meet, or not. Then
# the server knows the process by another number than it gave when we connected.
LIMIT_STATEMENTS = (
    "SELECT set_config('statement_timeout', '{milliseconds}', false) "
    "WHERE pg_backend_pid() = {process_id}"
)
LONG_SECONDS = 60.0
_EVENTS = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}


class _Waits(threading.local):
    """What this thread may wait and, within a request, has waited; in seconds."""

    of_process: float | None = None
    is_long = False
    spent: float | None = None

    @property
    def limit(self) -> float | None:
        """All that may be waited; None where there is no limit."""
        limit = _Waits.of_process
        return limit if limit is None or not self.is_long else max(limit, LONG_SECONDS)

    def left(self) -> float | None:
        """Return how much longer may be waited; None where there is no limit."""
        return None if self.limit is None else max(0.0, self.limit - (self.spent or 0.0))


_waits = _Waits()


def limit_waits(seconds: float) -> None:
    """Let no request of this process wait longer, from now on; elsewhere, no statement.

    What takes longer is an `OperationalError`, and its connection is closed.
    """
    _Waits.of_process = seconds
    set_wait_callback(_wait)
    request_started.connect(_begin, dispatch_uid=__name__)
    request_finished.connect(_end, dispatch_uid=__name__)


def wait_without_limit() -> None:
    """Undo it."""
    _Waits.of_process = None
    set_wait_callback(None)
    request_started.disconnect(dispatch_uid=__name__)
    request_finished.disconnect(dispatch_uid=__name__)


@contextmanager
def longer_waits() -> Iterator[None]:
    """Give a transaction `LONG_SECONDS`, for what is long but has to be done."""
    before, _waits.is_long = _waits.is_long, True
    try:
        with transaction.atomic():
            if _waits.limit is not None:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = %s", [_milliseconds()])
            yield
    finally:
        _waits.is_long = before


def limit_statements(process_id: int) -> str | None:
    """Return what makes a server end statements that nobody waits for any more, to be sent once.

    Args:
        process_id: of the server's process, as it said when the connection was made.
    """
    if _waits.limit is None:
        return None
    return LIMIT_STATEMENTS.format(milliseconds=_milliseconds(), process_id=process_id)


def require_patience() -> None:
    """Refuse to begin what could not be waited for.

    Raises:
        OperationalError: psycopg2's; the request has waited as long as it may.
    """
    if _waits.left() == 0:
        raise psycopg2.OperationalError("this request has waited for PostgreSQL long enough")


def _milliseconds() -> int:
    return round((_waits.limit or 0) * 1000)


def _begin(**_signal: object) -> None:
    _waits.spent = 0.0


def _end(**_signal: object) -> None:
    _waits.spent = None


def _wait(waiting: Any) -> None:  # noqa: ANN401 - psycopg2's stubs have no type that fits
    """Wait until a connection is ready; what is raised here closes it."""
    started = time.monotonic()
    left = _waits.left()
    try:
        while (state := waiting.poll()) != POLL_OK:
            _wait_for(waiting.fileno(), _EVENTS[state], started, left)
    finally:
        if _waits.spent is not None:
            _waits.spent += time.monotonic() - started


def _wait_for(descriptor: int, event: int, started: float, left: float | None) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    milliseconds = None if left is None else max(0.0, (left + started - time.monotonic()) * 1000)
    if not poll.poll(milliseconds):
        raise psycopg2.OperationalError("PostgreSQL has not answered in time")
