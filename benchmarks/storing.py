"""What a signature costs a prediction: with it and without, in turn."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from benchmarks.alternation import Ratio
from benchmarks.databases import fresh_database
from benchmarks.report import Row
from harness.environment import production_environment
from scripts.paths import ROOT
from server.embedded_postgres.cluster import Cluster

SIDES = ("signed", "unsigned")
AT_LEAST = 0.97


def storing_row(cluster: Cluster, *, quick: bool) -> tuple[Row, dict[str, list[float]]]:
    """Let both sides predict and store in turn; return the line, and their CPU of a prediction."""
    rounds, predictions = (2, 20) if quick else (9, 60)
    cpu_ms: dict[str, list[float]] = {side: [] for side in SIDES}
    with ExitStack() as running:
        sides = {
            side: running.enter_context(_side(side, fresh_database(cluster, f"storing_{side}")))
            for side in SIDES
        }
        for side in sides.values():
            _take_turn(side, predictions)  # warms it up
        for _ in range(rounds):
            for name, side in sides.items():
                cpu_ms[name].append(_take_turn(side, predictions))
    ratio = Ratio.of_pairs(cpu_ms["unsigned"], cpu_ms["signed"])
    row = Row(
        "storing a prediction, CPU from its bytes to the database",
        f"{median(cpu_ms['signed']):.2f} ms",
        "without a signature",
        f"{median(cpu_ms['unsigned']):.2f} ms",
        ratio=f"{ratio.median:.2f}",
        spread=f"{ratio.smallest:.2f} to {ratio.largest:.2f}",
        goal=f"≥ {AT_LEAST}: {'met' if ratio.median >= AT_LEAST else 'missed'}",
        figures={"CPU ms": median(cpu_ms["signed"]), "ratio": ratio.median},
    )
    return row, cpu_ms


@contextmanager
def _side(name: str, database_url: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.storing_side", name],
        cwd=ROOT,
        env=production_environment(database_url, {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _take_turn(side: "subprocess.Popen[str]", predictions: int) -> float:
    if side.stdin is None or side.stdout is None:
        raise RuntimeError("its pipes were asked for above")
    side.stdin.write(f"{predictions}\n")
    side.stdin.flush()
    return float(side.stdout.readline())
