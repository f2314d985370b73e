"""Bounds how many pictures are worked on and how many wait."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from server.classifier.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class AdmissionObserver(Protocol):
    """Is told how many more (+1) or fewer (-1) there are, one call at a time."""

    def waiting_changed(self, change: int) -> None:
        """Of those who wait."""

    def in_flight_changed(self, change: int) -> None:
        """Of those who were let in and have not left."""


class _Nobody:
    def waiting_changed(self, change: int) -> None:
        """Do nothing."""

    def in_flight_changed(self, change: int) -> None:
        """Do nothing."""


class Admission:
    """Lets ``max_in_flight`` in at once and ``max_waiting`` wait, each ``max_wait_seconds``.

    Those who wait are let in in the order they came: whoever leaves gives the slot to the first of
    them, and nobody who comes meanwhile can take it.
    """

    def __init__(
        self,
        *,
        max_in_flight: int,
        max_waiting: int,
        max_wait_seconds: float,
        observer: AdmissionObserver | None = None,
    ) -> None:
        """Start with nobody inside."""
        self._observer = observer or _Nobody()
        self._max_in_flight = max_in_flight
        self._max_waiting = max_waiting
        self._max_wait_seconds = max_wait_seconds
        self._in_flight = 0
        self._queue: deque[threading.Lock] = deque()  # each held until its turn comes
        self._changing = threading.Lock()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot and hold it inside the ``with`` block; raises ``Busy``."""
        came = time.monotonic()
        turn = self._enter_or_queue(came)
        if turn is not None and not turn.acquire(timeout=self._max_wait_seconds):
            self._give_up(turn, came)
        try:
            yield
        finally:
            self._leave()

    def _enter_or_queue(self, came: float) -> threading.Lock | None:
        """Return None inside, or what is released when it is this one's turn; raises ``Busy``."""
        with self._changing:
            if self._in_flight < self._max_in_flight:  # then nobody waits
                self._in_flight += 1
                self._observer.in_flight_changed(+1)
                return None
            if len(self._queue) >= self._max_waiting:
                raise self._busy(came)
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
            self._observer.waiting_changed(+1)
            return turn

    def _give_up(self, turn: threading.Lock, came: float) -> None:
        """Leave the queue and raise ``Busy``; return where the turn has come at the last moment."""
        with self._changing:
            if turn in self._queue:
                self._queue.remove(turn)
                self._observer.waiting_changed(-1)
                raise self._busy(came)

    def _leave(self) -> None:
        with self._changing:
            if self._queue:
                self._queue.popleft().release()  # as many are in flight as before
                self._observer.waiting_changed(-1)
            else:
                self._in_flight -= 1
                self._observer.in_flight_changed(-1)

    def _busy(self, came: float) -> Busy:
        return Busy(
            in_flight=self._in_flight,
            waiting=len(self._queue),
            waited_seconds=time.monotonic() - came,
        )
