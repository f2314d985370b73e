"""Bounds how many large pictures of the whole machine are decoded at once: one.

A worker decodes one picture at a time, so four workers may decode four; of the largest pictures
that the limits allow each takes 110 to 200 MB, and a small machine has not that much left.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from server.classifier.admission import Admission
from server.classifier.errors import Busy
from server.classifier.freed_memory import return_freed_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

# Below it four at once need less than one of the largest alone.
LARGE_PICTURE_BYTES = 40 * 2**20
POLL_SECONDS = 0.02
# What is locked is this file itself: every worker of the machine has it, and it needs no place that
# could be full or not writable. The kernel frees the lock of a process however that ends.
LOCK = Path(__file__)


class LargePictures:
    """Lets one in at once, of all processes, and ``max_waiting`` of this one wait."""

    def __init__(self, *, max_waiting: int, max_wait_seconds: float, lock: Path = LOCK) -> None:
        """Share the turns with all who name the same file, which has to be there."""
        self._within_process = Admission(
            max_in_flight=1, max_waiting=max_waiting, max_wait_seconds=max_wait_seconds
        )
        self._max_wait_seconds = max_wait_seconds
        self._lock = lock

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and hold it inside the ``with`` block; raises ``Busy``."""
        started = time.monotonic()
        with self._within_process.slot(), self._lock.open("rb") as lock:
            while not _is_taken(lock):
                waited_seconds = time.monotonic() - started
                if waited_seconds > self._max_wait_seconds:
                    raise Busy(in_flight=1, waiting=1, waited_seconds=waited_seconds)
                time.sleep(POLL_SECONDS)
            try:
                yield
            finally:
                return_freed_memory()
        # Closing the file has given the lock back.


def _is_taken(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
