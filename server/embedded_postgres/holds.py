"""Who uses the server: file locks, which the kernel frees when a process dies, however it dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from server.embedded_postgres.errors import LockTimeout

LOCK_TIMEOUT_SECONDS = 120.0
POLL_SECONDS = 0.05


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock `path` alone, for the time a server is started or stopped.

    Raises:
        LockTimeout: somebody else kept it for `LOCK_TIMEOUT_SECONDS`.
    """
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
    with path.open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise LockTimeout(path, LOCK_TIMEOUT_SECONDS) from None
                time.sleep(POLL_SECONDS)
        yield


class Hold:
    """This process's share in a running server. Many processes may have one.

    Take and give it up under `exclusive`, so that no server stops while somebody joins.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Register this process as a user of the server."""
        if self._lock is None:
            self._lock = self.path.open("a")
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def give_up(self) -> bool:
        """Register this process as a user no more; True if it was the last one."""
        if self._lock is None:
            return False
        with self._lock as lock:
            self._lock = None
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True
