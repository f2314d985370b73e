"""Bounds how many pictures are worked on and how many wait."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from server.classifier.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator


class AdmissionObserver(Protocol):
    """Is told how many come (+1) and go (-1), by the threads that do, one at a time."""

    def waiting_changed(self, change: int) -> None:
        """Somebody began or ended to wait."""

    def in_flight_changed(self, change: int) -> None:
        """Somebody was let in or has left."""


class _Nobody:
    def waiting_changed(self, change: int) -> None:
        """Do nothing."""

    def in_flight_changed(self, change: int) -> None:
        """Do nothing."""


class Admission:
    """Lets ``max_in_flight`` in at once and ``max_waiting`` wait, each ``max_wait_seconds``."""

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
        self._waiting = 0
        self._changed = threading.Condition()

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for a slot and hold it inside the ``with`` block; raises ``Busy``."""
        self._enter()
        try:
            yield
        finally:
            with self._changed:
                self._in_flight -= 1
                self._observer.in_flight_changed(-1)
                self._changed.notify()

    def _enter(self) -> None:
        with self._changed:
            if self._in_flight >= self._max_in_flight:
                self._wait()
            self._in_flight += 1
            self._observer.in_flight_changed(+1)

    def _wait(self) -> None:
        started = time.monotonic()
        admitted = False
        if self._waiting < self._max_waiting:
            self._waiting += 1
            self._observer.waiting_changed(+1)
            try:
                admitted = self._changed.wait_for(
                    lambda: self._in_flight < self._max_in_flight, self._max_wait_seconds
                )
            finally:
                self._waiting -= 1
                self._observer.waiting_changed(-1)
        if not admitted:
            raise Busy(
                in_flight=self._in_flight,
                waiting=self._waiting,
                waited_seconds=time.monotonic() - started,
            )
