"""Connections shared out evenly among the workers.

Every worker is told of a connection that waits, and who is first takes it; one may win them all,
and say BUSY while another has nothing to do. So a worker that has more than another lets the others
try first.
"""

import itertools
import mmap
import os

SLOTS = 128  # twice as many as there may be workers: one that starts and one that ends
_NOBODY = 0
# Shared with the workers that are forked from here: who has a slot, and its connections and 1.
_PROCESSES, _COUNTS = (memoryview(mmap.mmap(-1, SLOTS * 4)).cast("i") for _ in range(2))
_slots = itertools.cycle(range(SLOTS))
_next_slot = 0


def prepare() -> None:
    """Have a slot for the worker that is about to be forked."""
    global _next_slot  # noqa: PLW0603 - the worker inherits it
    _next_slot = next(_slots)


class Share:
    """What one worker has; to be made in it."""

    def __init__(self) -> None:
        self._slot = _next_slot
        _PROCESSES[self._slot] = os.getpid()

    def tell(self, connections: int) -> None:
        """Tell the others how many connections this worker has."""
        _COUNTS[self._slot] = connections + 1

    def is_more_than_anothers(self) -> bool:
        """Return whether another worker has fewer connections."""
        counts = _COUNTS.tolist()
        own = counts.pop(self._slot)
        return any(_NOBODY < count < own for count in counts)


def forget(process: int) -> None:
    """Hold nobody back for a worker that has ended, or takes no more."""
    for slot, holder in enumerate(_PROCESSES):
        if holder == process:
            _COUNTS[slot] = _NOBODY
