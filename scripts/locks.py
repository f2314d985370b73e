"""One of each command at a time in a checkout. The kernel frees a lock however its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from scripts.paths import STATE


@contextmanager
def one_at_a_time(name: str, *, waiting: str) -> Iterator[None]:
    """Hold the lock `name`; while somebody else does, print the sentence `waiting` and wait."""
    with _open(name) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(waiting, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def claim(name: str) -> IO[str] | None:
    """Take the lock `name` for as long as the returned file is open; None if somebody has it."""
    lock = _open(name)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def note(lock: IO[str], text: str) -> None:
    """Leave `text` for whoever finds the lock taken."""
    lock.seek(0)
    lock.truncate()
    lock.write(text)
    lock.flush()


def noted(name: str) -> str:
    """What the holder of the lock `name` left."""
    with _open(name) as lock:
        return lock.read().strip()


def _open(name: str) -> IO[str]:
    STATE.mkdir(exist_ok=True)
    descriptor = os.open(STATE / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    return os.fdopen(descriptor, "r+")
