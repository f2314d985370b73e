"""Connections shared out evenly among the workers.

Every worker is told of a connection that waits, and who is first takes it; one may win them all,
and say BUSY while another has nothing to do. So a worker that has more than another lets the others
try first.
"""

import mmap

SLOTS = 128  # twice as many as there may be workers: one that starts and one that ends
_NOBODY = 0
# Shared with the workers that are forked from here. How many connections a worker has, and one.
_COUNTS = memoryview(mmap.mmap(-1, SLOTS * 4)).cast("i")


class Share:
    """What one worker has."""

    def __init__(self, age: int) -> None:
        """Take the worker's age, gunicorn's number of it: the latest hundred differ."""
        self._slot = age % SLOTS

    def tell(self, connections: int) -> None:
        """Tell the others how many connections this worker has."""
        _COUNTS[self._slot] = connections + 1

    def leave(self) -> None:
        """Tell the others that this worker takes none."""
        _COUNTS[self._slot] = _NOBODY

    def is_more_than_anothers(self) -> bool:
        """Return whether another worker has fewer connections."""
        counts = _COUNTS.tolist()
        own = counts.pop(self._slot)
        return any(_NOBODY < count < own for count in counts)
