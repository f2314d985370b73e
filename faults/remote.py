"""Faults of an inference tier: replicas hurt and replaced, all addresses dead, a wrong graph."""

import re
import secrets
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil

from faults.other_graph import export_of_another
from faults.suite import Broken, Suite
from faults.waiting import BACK_SECONDS, await_predictions, until
from harness.ports import HOST, free_port
from inference_tier.served_model import load_models
from scripts.inference import prepare, running_tier
from scripts.inference_servers import running_server
from scripts.paths import MODELS

REPLICAS = 2
REPLICA = "ray::ServeReplica"
FROZEN_SECONDS = 4.0
DEAD_SECONDS = 5.0
UPDATE_SECONDS = 240
ATTEMPTS = re.compile(r'^telltale_inference_attempts_total{outcome="(\w+)"} (\S+)$', re.MULTILINE)


def hurt_tier(suite: Suite) -> str:
    """Kill a replica of a tier, freeze one, end all; then another address comes to life."""
    prepare()
    first, second = free_port(), free_port()
    with ExitStack() as serving:
        with running_tier(first, replicas=REPLICAS) as tier:
            told = serving.enter_context(_on_tiers(suite, first, second))
            await_predictions(suite)
            replicas(tier.pid)[0].kill()
            await_predictions(suite)
            until(
                lambda: len(replicas(tier.pid)) >= REPLICAS,
                BACK_SECONDS,
                "a killed replica was not replaced",
            )
            with _frozen(replicas(tier.pid)[0]):
                time.sleep(FROZEN_SECONDS)
            await_predictions(suite)
        busy = Counter(suite.load.tally.failures)
        time.sleep(DEAD_SECONDS)
        busy = Counter(suite.load.tally.failures) - busy
        if not busy["BUSY"]:
            raise Broken(f"with all addresses dead nobody is told BUSY, but {dict(busy)}")
        if not suite.service.site.answers("/health/ready"):
            raise Broken("an instance whose tier is gone serves no history either")
        with running_tier(second):
            await_predictions(suite)
            return f"a replica killed, one frozen, all addresses dead, another back; {told()}"


def rolling_tier(suite: Suite) -> str:
    """Have all replicas of a tier replaced by a new version of it, one after the other."""
    prepare()
    port = free_port()
    with running_tier(port, replicas=REPLICAS) as tier, _on_tiers(suite, port) as told:
        await_predictions(suite)
        before = {each.pid for each in replicas(tier.pid)}
        counted = len(suite.load.tally.acknowledged)
        tier.send_signal(signal.SIGHUP)
        until(
            lambda: (
                not before & {each.pid for each in replicas(tier.pid)}
                and len(replicas(tier.pid)) >= REPLICAS
            ),
            UPDATE_SECONDS,
            "a replica of the version before still serves",
        )
        await_predictions(suite)
        answered = len(suite.load.tally.acknowledged) - counted
        return f"{len(before)} replicas replaced, {answered} predictions meanwhile; {told()}"


def wrong_graph(suite: Suite) -> str:
    """Have one of two servers answer with other weights under our name, as a mistake would."""
    ours = load_models(MODELS, "onnx")
    with ExitStack() as stack:
        models = suite.folder / f"other-{time.monotonic_ns()}"
        other = export_of_another(MODELS, models)
        (name,) = [name for name, model in ours.items() if model.card is other.card]
        ports = free_port(), free_port()
        stack.enter_context(running_server("MLServer", {name: other}, ports[0], models=models))
        stack.enter_context(running_server("MLServer", {name: ours[name]}, ports[1]))
        told = stack.enter_context(_on_tiers(suite, *ports))
        for _ in range(3):
            await_predictions(suite)
        attempts = told()
        if "TierDiffers" not in attempts:
            raise Broken(f"the wrong graph was not noticed: {attempts}")
        return f"one server of two with other weights under our name; {attempts}"


class _Told:
    """Says what the workers tell of their attempts."""

    def __init__(self, suite: Suite, token: str) -> None:
        self._suite, self._token = suite, token

    def __call__(self) -> str:
        asked = urllib.request.Request(  # noqa: S310 - loopback
            f"{self._suite.service.site.url}/metrics",
            headers={"Authorization": f"Bearer {self._token}", "X-Forwarded-Proto": "https"},
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback
            text = answer.read().decode()
        told = Counter({name: int(float(count)) for name, count in ATTEMPTS.findall(text)})
        counts = ", ".join(f"{count} {outcome}" for outcome, count in told.most_common())
        return f"attempts: {counts}"


@contextmanager
def _on_tiers(suite: Suite, *ports: int) -> Iterator[_Told]:
    """Have workers without a network serve, before servers at these ports, during the block."""
    token = secrets.token_urlsafe(16)
    variables = {
        "TELLTALE_ENGINE": "remote",
        "TELLTALE_INFERENCE_URLS": ",".join(f"http://{HOST}:{port}" for port in ports),
        "METRICS_TOKEN": token,
    }
    with suite.service.changed(variables):
        yield _Told(suite, token)


def replicas(pid: int) -> list[psutil.Process]:
    """Return the processes of a tier that run the graph."""
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
