"""Waiting for what has to come, but not for ever."""

import time
from collections.abc import Callable

from faults.suite import Broken, Suite

BACK_SECONDS = 120


def until(holds: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Return once `holds` does; raises `Broken` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Broken(otherwise)
        time.sleep(0.1)


def await_predictions(suite: Suite) -> None:
    """Return once some more predictions were acknowledged; raises `Broken`."""
    tally = suite.load.tally
    enough = len(tally.acknowledged) + 10
    until(lambda: len(tally.acknowledged) >= enough, BACK_SECONDS, "no prediction is answered")
