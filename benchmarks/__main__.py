"""`make bench`: run the parts of the benchmark one after the other and print one table."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Collection
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from benchmarks import compare, machine, plot, report
from benchmarks.cold_start import measure_cold_start, median
from benchmarks.crowds import CrowdsBenchmark
from benchmarks.history import HistoryBenchmark
from benchmarks.memory import measure_memory
from benchmarks.predict import PredictBenchmark
from benchmarks.remote import measure_remote
from benchmarks.report import Row
from benchmarks.scaling import ScalingBenchmark
from benchmarks.similar import SimilarBenchmark
from benchmarks.stopping import StoppingBenchmark
from benchmarks.teaching import TeachingBenchmark
from scripts.locks import one_at_a_time
from scripts.paths import ROOT

MEMORY_GOAL_MIB = 320
MEMORY_LIMIT_MIB = 512
COLD_START_GOAL = 1.4

# The numbers of a part, as they are kept, and its lines of the table.
Measurement = tuple[dict[str, object], list[Row]]
Part = Callable[[Path, bool], Measurement]


class Benchmark(Protocol):
    """A part that is made of several measurements."""

    def run(self) -> Measurement:
        """Measure."""
        ...


def main() -> int:
    """Measure; 0 whatever the numbers are: they are read, not asserted."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure the service.")
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; all without")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter, in three minutes")
    parser.add_argument(
        "--compare", action="store_true", help="measure nothing; show what the last run moved"
    )
    arguments = parser.parse_args()
    if arguments.compare:
        return compare.main()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    # Ended from outside, it ends in order too, and leaves no server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    waiting = "Another benchmark is running in this folder; waiting until it is done."
    with one_at_a_time("bench", waiting=waiting):  # two at once would measure each other
        _measure(arguments.parts or PARTS, quick=arguments.quick)
    return 0


def _measure(parts: Collection[str], *, quick: bool) -> None:
    circumstances = machine.description() | {"quick": quick}
    for name in parts:
        print(f"Measuring {name.replace('_', ' ')} ...", flush=True)
        with tempfile.TemporaryDirectory(prefix="telltale-bench-") as folder:
            measured, lines = PARTS[name](Path(folder), quick)
        path = report.save(name, measured, lines, circumstances)
        print(f"  {path.relative_to(ROOT)}", flush=True)
    print(f"\n{report.table(report.saved(parts, circumstances))}\n")
    if quick:
        print("A quick run; benchmarks/README.md keeps its table.")
        return
    report.write_into_readme(report.table(report.saved(PARTS, circumstances)))
    plot.draw()
    print("The table stands in benchmarks/README.md, the numbers in benchmarks/results/.")


def _memory(folder: Path, quick: bool) -> Measurement:  # noqa: FBT001 - of all parts
    loads = measure_memory(folder, seconds=3 if quick else 40)
    rows = [
        Row(
            what=f"memory, {load.load}",
            ours=f"{load.peak_mib:.0f} MiB at most, {load.median_mib:.0f} mostly",
            theirs=f"{load.outcome.answered} answered"
            + "".join(f", {count} {code}" for code, count in load.outcome.refusals.items()),
            goal=f"≤ {MEMORY_GOAL_MIB} MiB"
            if "100 KB" in load.load
            else f"< {MEMORY_LIMIT_MIB} MiB",
            figures={"MiB": load.peak_mib},
        )
        for load in loads
    ]
    return {"loads": [asdict(load) for load in loads]}, rows


def _cold_start(folder: Path, quick: bool) -> Measurement:  # noqa: FBT001 - of all parts
    starts = measure_cold_start(folder, alternations=2 if quick else 9)
    ratios = starts.ratios
    row = Row(
        what="cold start to the first prediction",
        ours=f"{median(starts.first_prediction):.2f} s (live after {median(starts.live):.2f} s, "
        f"ready after {median(starts.ready):.2f} s)",
        opponent="the floor",
        theirs=f"{median(starts.floor):.2f} s",
        ratio=f"{median(ratios):.2f}",
        spread=f"{min(ratios):.2f} to {max(ratios):.2f}",
        goal=f"≤ {COLD_START_GOAL}",
        figures={"s": median(starts.first_prediction), "ratio": median(ratios)},
    )
    return {"seconds": asdict(starts), "ratios": ratios}, [row]


def _of(benchmark: Callable[..., Benchmark]) -> Part:
    return lambda folder, quick: benchmark(folder, quick=quick).run()


PARTS: dict[str, Part] = {
    "memory": _memory,
    "cold_start": _cold_start,
    "crowds": _of(CrowdsBenchmark),
    "stopping": _of(StoppingBenchmark),
    "history": _of(HistoryBenchmark),
    "predict": _of(PredictBenchmark),
    "remote": measure_remote,
    "scaling": _of(ScalingBenchmark),
    "similar": _of(SimilarBenchmark),
    "teaching": _of(TeachingBenchmark),
}

if __name__ == "__main__":
    sys.exit(main())
