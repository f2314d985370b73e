"""What a crowd of slow clients takes from others: a probe's time, and predictions."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.databases import own_database
from benchmarks.predict_contenders import telltale
from benchmarks.report import Row
from harness.load.generator import Generator
from harness.load.requests import Load, Run, percentile
from harness.photos import photos_of_100_kb
from harness.ports import HOST

WORKERS = 4  # what render.yaml starts
COUNTS = (20, 200, 1000)  # of slow readers, of slow writers and of idle clients, each
PROBE = f"GET /health/live HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
PROBE_PAUSE_SECONDS = 0.02
PROBE_TIMEOUT_SECONDS = 30
GOAL_MS, GOAL_SHARE = 100, 0.8


@dataclass(frozen=True)
class Probed:
    """How long a platform's probe took, over a connection of its own each time."""

    probes: int
    missed: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float

    def __str__(self) -> str:
        return f"p50 {self.p50_ms:.0f} ms, p99 {self.p99_ms:.0f}, of {self.probes} probes" + (
            f", {self.missed} missed" if self.missed else ""
        )


class CrowdsBenchmark:
    """One run of the benchmark; a quick one has the largest crowd alone."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._counts = COUNTS[-1:] if quick else COUNTS
        self._seconds = 15.0 if quick else 30.0  # 500 probes and more
        self._generator = Generator(folder)

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Measure without a crowd, while one comes, and with it, one size after the other."""
        rows: list[Row] = []
        numbers: dict[str, object] = {}
        with (
            own_database(self._folder / "crowds-postgres") as url,
            telltale(url, self._folder, photos_of_100_kb(64), workers=WORKERS) as (_, load),
        ):
            for count in self._counts:
                alone, probed_alone = self._measured(load)
                with _probing(load.port) as connecting, _crowd(load.port, count):
                    probed_connecting = connecting.end()
                    among, probed = self._measured(load)
                rows.append(_row(count, alone, among, probed, probed_connecting))
                numbers[str(count)] = {
                    "alone": [asdict(alone), asdict(probed_alone)],
                    "while they connect": asdict(probed_connecting),
                    "among them": [asdict(among), asdict(probed)],
                }
        return numbers, rows

    def _measured(self, load: Load) -> tuple[Run, Probed]:
        with _probing(load.port) as prober:
            run = self._generator.send(load, seconds=self._seconds)
            return run, prober.end()


def _row(count: int, alone: Run, among: Run, probed: Probed, connecting: Probed) -> Row:
    share = among.per_second / alone.per_second
    is_met = probed.p99_ms <= GOAL_MS and share >= GOAL_SHARE
    return Row(
        what=f"liveness and predictions among {count} slow readers, {count} slow writers and "
        f"{count} idle clients",
        ours=f"{probed}; while they connect: {connecting}; {among.per_second:.0f} predictions/s",
        opponent="without them",
        theirs=f"{alone.per_second:.0f} predictions/s",
        ratio=f"{share:.2f}",
        goal=f"p99 ≤ {GOAL_MS} ms, ≥ {GOAL_SHARE}{': met' if is_met else ''}",
        figures={"p99 ms": probed.p99_ms, "ratio": share},
    )


@contextmanager
def _crowd(port: int, count: int) -> Iterator[None]:
    """Have so many clients of each kind, in a process of their own; yield when all have come."""
    command = [sys.executable, "-m", "benchmarks.crowd_clients", str(port), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as clients:
        try:
            assert clients.stdout is not None  # noqa: S101 - a pipe, see above
            clients.stdout.readline()
            yield
        finally:
            clients.terminate()


class _Prober:
    def __init__(self, port: int) -> None:
        self._port = port
        self._seconds: list[float] = []
        self._missed = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def end(self) -> Probed:
        """Probe no more."""
        self._ended.set()
        self._thread.join()
        ordered = sorted(seconds * 1000 for seconds in self._seconds)
        return Probed(
            probes=len(ordered),
            missed=self._missed,
            p50_ms=percentile(ordered, 0.5),
            p99_ms=percentile(ordered, 0.99),
            slowest_ms=percentile(ordered, 1),
        )

    def _run(self) -> None:
        while not self._ended.wait(PROBE_PAUSE_SECONDS):
            started = time.monotonic()
            self._missed += not self._is_alive()
            self._seconds.append(time.monotonic() - started)

    def _is_alive(self) -> bool:
        try:
            with socket.create_connection((HOST, self._port), PROBE_TIMEOUT_SECONDS) as client:
                client.sendall(PROBE)
                return client.recv(4096).startswith(b"HTTP/1.1 200 ")
        except OSError:
            return False


@contextmanager
def _probing(port: int) -> Iterator[_Prober]:
    prober = _Prober(port)
    try:
        yield prober
    finally:
        prober.end()
