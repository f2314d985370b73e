"""The table of a rehearsal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Table:
    """Prints a row as it happens: what was done, for how long, what was seen."""

    def __init__(self) -> None:
        """Begin without rows."""
        self.count = 0
        self._seen = ""

    @contextmanager
    def row(self, name: str) -> Iterator[None]:
        """Time the block."""
        print(f"  {name:<18}", end="", flush=True)
        started = time.monotonic()
        try:
            yield
        except BaseException:
            print("failed", flush=True)
            raise
        self.count += 1
        print(f"{time.monotonic() - started:7.1f} s  {self._seen}", flush=True)

    def saw(self, what: str) -> None:
        """Note what the row shows."""
        self._seen = what

    def tell(self, what: str) -> None:
        """Print one thing more that the row before has shown."""
        print(f"{'':30}{what}", flush=True)
