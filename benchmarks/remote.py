"""The network here and on tiers: CPU an embedding, how long it takes, and the memory it needs."""

import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import psutil

from benchmarks.report import Row
from benchmarks.served import family
from harness.ports import HOST, free_port
from inference_tier.served_model import load_models
from scripts.commands import CommandFailed
from scripts.inference import TierFailed, prepare, running_tier
from scripts.inference_servers import SERVERS, NotStarted, running_server
from scripts.paths import MODELS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.engine import Engine
from server.classifier.exported_model import BACKBONE_FILE, directory_of, read_verified
from server.classifier.golden import golden_pixels
from server.classifier.onnx_engine import OnnxEngine
from server.classifier.remote_engine import RemoteEngine
from server.classifier.remote_model import remote_model
from server.classifier.tier import InferenceTier
from server.classifier.tuned_graph import tuned_graph

# Runs a server of the protocol at a port.
Tier = Callable[[int], AbstractContextManager[subprocess.Popen[bytes]]]

CARD = EFFICIENTNET_LITE0
CLIENTS = (1, 8)
BYTES_A_MIB = 2**20


@dataclass(frozen=True)
class Embedded:
    """What some embeddings took. CPU is that of an embedding."""

    where: str
    clients: int
    cpu_here_ms: float
    cpu_there_ms: float  # of all processes of the tier, with what they do when idle
    p50_ms: float
    there_mib: float


def measure_remote(_: Path, quick: bool) -> tuple[dict[str, object], list[Row]]:  # noqa: FBT001 - of all parts
    """Measure the graph in this process, and on each server of the protocol on this machine."""
    prepare()
    count = 80 if quick else 800
    graph = tuned_graph(directory_of(CARD, MODELS) / BACKBONE_FILE)
    here = [_measured("here", OnnxEngine(graph), clients, count, []) for clients in CLIENTS]
    measured, rows = list(here), []
    served = load_models(MODELS, "onnx")
    tiers: dict[str, Tier] = {
        "Ray Serve": running_tier,
        **{name: partial(running_server, name, served) for name in SERVERS},
    }
    for name, running in tiers.items():
        try:
            there = _on(name, running, count)
        except (NotStarted, TierFailed, CommandFailed) as reason:
            last = " ".join(str(reason).split())[-200:]
            rows.append(Row(f"an embedding on {name}", ours="", theirs=f"can't be started: {last}"))
            continue
        measured += there
        rows += [_row(ours, theirs) for ours, theirs in zip(here, there, strict=True)]
    return {"embeddings": [asdict(each) for each in measured]}, rows


def _on(name: str, running: Tier, count: int) -> list[Embedded]:
    """Measure a tier of one process for the graph, through the engine that web workers have."""
    port = free_port()
    with running(port) as process:
        tier = InferenceTier(addresses=(f"http://{HOST}:{port}",), read_seconds=30)
        model = remote_model(CARD, read_verified(CARD, MODELS), MODELS)
        engine = RemoteEngine(model, tier)
        engine.wait_until_verified()
        tree = family(process.pid)
        return [_measured(name, engine, clients, count, tree) for clients in CLIENTS]


def _measured(
    where: str, engine: Engine, clients: int, count: int, tree: Sequence[psutil.Process]
) -> Embedded:
    pixels = golden_pixels(CARD.input_size)
    engine.embed(pixels)
    seconds: list[float] = []

    def embed() -> None:
        for _ in range(count // clients):
            began = time.perf_counter()
            engine.embed(pixels)
            seconds.append(time.perf_counter() - began)

    before, before_there = time.process_time(), _cpu_seconds(tree)
    threads = [threading.Thread(target=embed) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Embedded(
        where=where,
        clients=clients,
        cpu_here_ms=(time.process_time() - before) * 1000 / len(seconds),
        cpu_there_ms=(_cpu_seconds(tree) - before_there) * 1000 / len(seconds),
        p50_ms=statistics.median(seconds) * 1000,
        there_mib=sum(process.memory_full_info().pss for process in tree) / BYTES_A_MIB,
    )


def _cpu_seconds(tree: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in tree)


def _row(ours: Embedded, theirs: Embedded) -> Row:
    cpu_there = theirs.cpu_here_ms + theirs.cpu_there_ms
    plural = "s" if ours.clients > 1 else ""
    return Row(
        what=f"an embedding, {ours.clients} client{plural}",
        ours=f"{ours.cpu_here_ms:.1f} ms of CPU, p50 {ours.p50_ms:.1f} ms",
        opponent=theirs.where,
        theirs=f"{theirs.cpu_here_ms:.1f} ms of CPU here and {theirs.cpu_there_ms:.1f} there, "
        f"p50 {theirs.p50_ms:.1f} ms, {theirs.there_mib:.0f} MiB",
        ratio=f"{cpu_there / ours.cpu_here_ms:.2f}",
        figures={"ms of CPU": cpu_there},
    )
