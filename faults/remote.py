"""Faults of an inference tier: replicas killed and frozen, all of it gone and back again."""

import re
import secrets
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from faults.suite import Broken, Suite
from harness.ports import HOST, free_port
from scripts.inference import prepare, running_tier

REPLICAS = 2
REPLICA = "ray::ServeReplica"
FROZEN_SECONDS = 4.0
GONE_SECONDS = 3.0
BACK_SECONDS = 120
ATTEMPTS = re.compile(r'^telltale_inference_attempts_total{outcome="(\w+)"} (\S+)$', re.MULTILINE)


def remote(suite: Suite) -> str:
    """Have a tier run the graph: kill a replica, freeze one, end the tier, start another."""
    prepare()
    port, token = free_port(), secrets.token_urlsafe(16)
    variables = {
        "TELLTALE_ENGINE": "remote",
        "TELLTALE_INFERENCE_URLS": f"http://{HOST}:{port}",
        "METRICS_TOKEN": token,
    }
    with ExitStack() as serving:
        with running_tier(port, replicas=REPLICAS) as tier:
            serving.enter_context(suite.service.changed(variables))
            _await_predictions(suite)
            _replicas(tier.pid)[0].kill()
            _await_predictions(suite)
            _await_replicas(tier.pid)
            with _frozen(_replicas(tier.pid)[0]):
                time.sleep(FROZEN_SECONDS)
            _await_predictions(suite)
        time.sleep(GONE_SECONDS)
        if not suite.service.site.answers("/health/ready"):
            raise Broken("an instance whose tier is gone serves no history either")
        with running_tier(port):
            _await_predictions(suite)
            told = _attempts(suite, token)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in told.most_common())
    return f"a replica killed, one frozen, the tier gone and back; attempts: {counts}"


def _await_predictions(suite: Suite) -> None:
    """Wait until some more predictions were acknowledged; raises `Broken`."""
    enough = len(suite.load.tally.acknowledged) + 10
    deadline = time.monotonic() + BACK_SECONDS
    while len(suite.load.tally.acknowledged) < enough:
        if time.monotonic() > deadline:
            raise Broken("no prediction is answered by the tier")
        time.sleep(0.1)


def _await_replicas(pid: int) -> None:
    deadline = time.monotonic() + BACK_SECONDS
    while len(_replicas(pid)) < REPLICAS:
        if time.monotonic() > deadline:
            raise Broken("a killed replica was not replaced")
        time.sleep(0.2)


def _replicas(pid: int) -> list[psutil.Process]:
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        try:
            if process.cmdline()[:1] and process.cmdline()[0].startswith(REPLICA):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


@contextmanager
def _frozen(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def _attempts(suite: Suite, token: str) -> Counter[str]:
    """Return how often the workers asked the tier, by what came of it."""
    asked = urllib.request.Request(  # noqa: S310 - loopback
        f"{suite.service.site.url}/metrics",
        headers={"Authorization": f"Bearer {token}", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback
        text = answer.read().decode()
    return Counter({name: int(float(count)) for name, count in ATTEMPTS.findall(text)})
