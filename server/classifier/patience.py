"""How often and how long a lost call is tried again, and when it isn't even begun; no I/O.

An outage must not be multiplied by those who try again: a share of calls may, and a server that
keeps failing is left alone for a while.
https://sre.google/sre-book/handling-overload/, https://martinfowler.com/bliki/CircuitBreaker.html
"""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_ATTEMPTS = 3
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 0.4
FAILURES_IN_A_ROW = 5
OPEN_SECONDS = 2.0


class Permit(NamedTuple):
    """Leave to call a server; whoever ``tries`` alone does, to see whether it lives."""

    tries: bool


class Breaker:
    """Lets nobody call a server that keeps failing, but for one at a time who tries it.

    It begins open: the first who calls is the one who tries. Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        failures_in_a_row: int = FAILURES_IN_A_ROW,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open after ``failures_in_a_row``, for ``open_seconds`` each time."""
        self._failures_in_a_row = failures_in_a_row
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until: float | None = clock()  # None while it is closed
        self._is_tried = False

    def admit(self) -> Permit | None:
        """Return leave to call, or None; whoever has it has to tell how the call went."""
        with self._lock:
            if self._open_until is None:
                return Permit(tries=False)
            if self._is_tried or self._clock() < self._open_until:
                return None
            self._is_tried = True
            return Permit(tries=True)

    def succeeded(self, permit: Permit) -> bool:
        """Tell that the server has answered; return whether that closed the breaker."""
        with self._lock:
            if permit.tries:
                self._open_until, self._is_tried = None, False
            if self._open_until is None:  # else the call began before it opened, and proves nothing
                self._failures = 0
            return permit.tries

    def failed(self, permit: Permit, *, for_good: bool = False) -> bool:
        """Tell that it has not; return whether that opened the breaker: ``for_good`` does."""
        with self._lock:
            if permit.tries:
                self._open_until, self._is_tried = self._clock() + self._open_seconds, False
                return False
            self._failures += 1
            opens = for_good or self._failures >= self._failures_in_a_row
            if self._open_until is not None or not opens:
                return False
            self._open_until = self._clock() + self._open_seconds
            return True


class RetryAllowance:
    """Grants retries for a share of all calls, and a few at once after a quiet time."""

    def __init__(self, *, share: float = 0.1, at_once: int = 10) -> None:
        """Begin with ``at_once`` retries, the most that are ever saved up."""
        self._share = share
        self._most = float(at_once)
        self._saved = self._most
        self._lock = threading.Lock()

    def call_began(self) -> None:
        """Add the share of one call."""
        with self._lock:
            self._saved = min(self._most, self._saved + self._share)

    def take(self) -> bool:
        """Take one retry, if there is one."""
        with self._lock:
            if self._saved < 1:
                return False
            self._saved -= 1
            return True


def pause_seconds(attempt: int) -> float:
    """Return how long to wait after the ``attempt``-th failure, from 1.

    Those who failed together must not come back together: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    most = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
    return random.uniform(FIRST_PAUSE_SECONDS, most)  # noqa: S311 - no secret
