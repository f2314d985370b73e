"""That the suite would notice a site that hangs, or that answers nobody's photos."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from faults.bystanders import HUNG_SECONDS, alive, served
from faults.load import Acknowledged, Tally
from faults.suite import Broken
from harness.site import LiveSite

pytestmark = pytest.mark.live


@contextmanager
def hanging(site: LiveSite) -> Iterator[None]:
    """Stop all workers for a while."""
    workers = psutil.Process(site.pid).children()
    for worker in workers:
        worker.suspend()
    try:
        yield
    finally:
        for worker in workers:
            worker.resume()


def test_a_site_that_lives_is_probed(live_site: LiveSite) -> None:
    with alive(live_site) as others:
        time.sleep(1)
    assert others.probes > 1
    assert 0 < others.slowest_seconds < HUNG_SECONDS


def test_a_site_that_hangs_is_found(live_site: LiveSite) -> None:
    broken = pytest.raises(Broken, match="it did not live at 1 of 1 probes")
    with broken, hanging(live_site), alive(live_site):
        time.sleep(0.1)


def test_photos_of_others_are_counted(live_site: LiveSite) -> None:
    tally = Tally(acknowledged=[Acknowledged(0, "photo-0", "", "")])
    with served(live_site, tally) as others:
        tally.acknowledged.append(Acknowledged(0, "photo-1", "", ""))
    assert others.photos == 1


def test_photos_that_nobody_answers_are_missed(live_site: LiveSite) -> None:
    tally = Tally(acknowledged=[Acknowledged(0, "photo-0", "", "")])
    with pytest.raises(Broken, match="only 0 photos"), served(live_site, tally):
        time.sleep(0.1)
