"""Whoever goes on while others do harm: a platform's probe, and the clients of the load."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from faults.load import Tally
from faults.suite import Broken
from harness.site import LiveSite

PROBE_PAUSE_SECONDS = 0.2
HUNG_SECONDS = 5.0  # what an attack wants; a slow machine is none
LEAST_PHOTOS_PER_SECOND = 1.0


@dataclass
class Others:
    """What those saw who did nothing wrong."""

    probes: int = 0
    missed: int = 0
    slowest_seconds: float = 0.0
    photos: int = 0

    @property
    def sentence(self) -> str:
        """All of it."""
        return f"{self.photos} photos of others answered meanwhile, {self.of_the_probe}"

    @property
    def of_the_probe(self) -> str:
        """What it saw."""
        return f"{self.probes} probes, the slowest answered in {self.slowest_seconds:.2f} s"


@contextmanager
def alive(site: LiveSite) -> Iterator[Others]:
    """Probe all the while whether a site lives; raises `Broken` in the end where it did not."""
    others = Others()
    ended = threading.Event()

    def probe() -> None:
        while True:
            started = time.monotonic()
            is_alive = site.answers("/health/live", timeout_seconds=HUNG_SECONDS)
            seconds = time.monotonic() - started
            others.probes += 1
            others.missed += not is_alive
            others.slowest_seconds = max(others.slowest_seconds, seconds)
            if ended.wait(PROBE_PAUSE_SECONDS):
                return

    thread = threading.Thread(target=probe, name="probe")
    thread.start()
    try:
        yield others
    finally:
        ended.set()
        thread.join()
    if others.missed:
        raise Broken(f"it did not live at {others.missed} of {others.probes} probes")


@contextmanager
def served(site: LiveSite, tally: Tally) -> Iterator[Others]:
    """Count photos that others have answered, too; raises `Broken` where they were too few."""
    before = len(tally.acknowledged)
    started = time.monotonic()
    with alive(site) as others:
        yield others
        others.photos = len(tally.acknowledged) - before
        seconds = time.monotonic() - started
    if others.photos < seconds * LEAST_PHOTOS_PER_SECOND:
        raise Broken(f"only {others.photos} photos of others were answered meanwhile")
