"""Faults of two instances behind HAProxy: one is lost, and both are replaced by a new version."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from faults.suite import Broken, Suite
from faults.waiting import await_predictions, until
from harness.balancer import Balancer, balancing
from harness.management import migrate
from harness.site import LiveSite

INSTANCES = 2
WORKERS = {"WEB_CONCURRENCY": "2"}
NOTICED_SECONDS = 30


def lost_instance(suite: Suite) -> str:
    """Kill one of two instances with all its workers, and start it again at its address."""
    with _two(suite) as (balancer, sites):
        await_predictions(suite)
        lost = sites[0]
        os.killpg(lost.pid, signal.SIGKILL)
        killed = time.monotonic()
        lost.process.wait()
        until(lambda: not balancer.is_up(lost.port), NOTICED_SECONDS, "it is still sent requests")
        noticed = time.monotonic() - killed
        await_predictions(suite)
        sites[0] = suite.service.launch(variables=WORKERS, port=lost.port)
        sites[0].wait_until_ready()
        until(lambda: balancer.is_up(lost.port), NOTICED_SECONDS, "it is not sent requests again")
        await_predictions(suite)
        return f"one of two killed, left alone after {noticed:.1f} s, back by itself"


def rolling_web(suite: Suite) -> str:
    """Migrate, then replace one instance after the other: start, admit, drain, end."""
    with _two(suite) as (balancer, sites):
        await_predictions(suite)
        before = Counter(suite.load.tally.failures)
        migrate(suite.service.environment)
        for port in balancer.ports[INSTANCES:]:
            sites.append(_started(suite, balancer, port))
            replaced = sites.pop(0)
            balancer.drain(replaced.port)
            if replaced.stop() != 0:
                raise Broken("an instance that was replaced did not end in order")
            balancer.lose(replaced.port)
            await_predictions(suite)
        failed = Counter(suite.load.tally.failures) - before
        if failed:
            raise Broken(f"requests failed while instances were replaced: {dict(failed)}")
        return f"{INSTANCES} instances replaced, no request failed"


@contextmanager
def _two(suite: Suite) -> Iterator[tuple[Balancer, list[LiveSite]]]:
    """Have two instances behind a balancer serve all clients during the block."""
    with ExitStack() as stack:
        folder = suite.folder / f"balancer-{time.monotonic_ns()}"
        balancer = stack.enter_context(balancing(folder, instances=2 * INSTANCES))
        sites: list[LiveSite] = []
        stack.callback(lambda: [site.stop() for site in sites])
        sites += [_started(suite, balancer, port) for port in balancer.ports[:INSTANCES]]
        stack.enter_context(suite.service.behind(balancer.port))
        yield balancer, sites


def _started(suite: Suite, balancer: Balancer, port: int) -> LiveSite:
    site = suite.service.launch(variables=WORKERS, port=port)
    try:
        site.wait_until_ready()
        balancer.admit(port)
    except BaseException:  # nobody else knows it
        site.stop()
        raise
    return site
