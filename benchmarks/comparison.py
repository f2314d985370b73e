"""Two sides in one line of the table, and their runs as numbers to keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.alternation import Ratio
from benchmarks.report import Row
from harness.load.requests import Run


@dataclass(frozen=True)
class Measured:
    """What one side did, one run after the other, and the memory it took in the end."""

    name: str
    runs: Sequence[Run]
    memory_mib: float | None = None

    @property
    def per_second(self) -> list[float]:
        """Right answers a second, run by run."""
        return [run.per_second for run in self.runs]

    @property
    def p50_ms(self) -> float:
        """The median of the runs' medians."""
        return median(run.p50_ms for run in self.runs)

    @property
    def p99_ms(self) -> float:
        """The median of the runs' 99th percentiles."""
        return median(run.p99_ms for run in self.runs)

    @property
    def figures(self) -> dict[str, float]:
        """What the next run is compared by, each with its unit."""
        return {"req/s": median(self.per_second), "p50 ms": self.p50_ms, "p99 ms": self.p99_ms}

    def __str__(self) -> str:
        speed = f"{median(self.per_second):.0f} req/s"
        parts = [speed, f"p50 {self.p50_ms:.1f} ms", f"p99 {self.p99_ms:.1f} ms"]
        if self.memory_mib is not None:
            parts.append(f"{self.memory_mib:.0f} MiB")
        parts += [f"{count} × {error}" for error, count in _errors(self.runs).items()]
        return ", ".join(parts)


def comparison_row(what: str, ours: Measured, theirs: Measured, *, at_least: float) -> Row:
    """Return the line that says how many times as many answers ours gave."""
    if not any(theirs.per_second):
        return Row(what, str(ours), theirs.name, str(theirs), goal="no right answer from the peer")
    ratio = Ratio.of_pairs(ours.per_second, theirs.per_second)
    return _row(what, ours, theirs, ratio, f"≥ {at_least}", is_met=ratio.median >= at_least)


def latency_row(what: str, ours: Measured, theirs: Measured, *, at_most: float) -> Row:
    """Return the line that says how many times as long ours took, by the median."""
    ratio = Ratio.of_pairs([run.p50_ms for run in ours.runs], [run.p50_ms for run in theirs.runs])
    return _row(what, ours, theirs, ratio, f"≤ {at_most}", is_met=ratio.median <= at_most)


def tail_row(what: str, ours: Measured, *, at_most: float) -> Row:
    """Return the line that says how much longer the slowest take than most, run by run."""
    ratio = Ratio.of_pairs([run.p99_ms for run in ours.runs], [run.p50_ms for run in ours.runs])
    return _row(what, ours, None, ratio, f"≤ {at_most}", is_met=ratio.median <= at_most)


def not_measured_row(what: str, name: str, reason: str) -> Row:
    """Return the line of a peer that is not there."""
    return Row(what, "", name, f"not measured: {' '.join(reason.split())[:200]}")


def in_short(runs: Mapping[str, Sequence[Run]]) -> str:
    """Return a line for the terminal: what each side did."""
    return "; ".join(
        f"{name} {median(Measured(name, side).per_second):.0f} req/s" for name, side in runs.items()
    )


def as_numbers(runs: Mapping[str, Sequence[Run]]) -> dict[str, list[dict[str, object]]]:
    """Return the runs as they are kept in a file of results."""
    return {
        name: [
            {
                "per_second": round(run.per_second, 1),
                "p50_ms": round(run.p50_ms, 2),
                "p99_ms": round(run.p99_ms, 2),
                "errors": dict(run.errors),
                "generator_cpu": round(run.generator_cpu, 2),
            }
            for run in side
        ]
        for name, side in runs.items()
    }


def _row(
    what: str, ours: Measured, theirs: Measured | None, ratio: Ratio, goal: str, *, is_met: bool
) -> Row:
    return Row(
        what,
        str(ours),
        "itself" if theirs is None else theirs.name,
        "" if theirs is None else str(theirs),
        ratio=f"{ratio.median:.2f}",
        spread=f"{ratio.smallest:.2f} to {ratio.largest:.2f}",
        goal=f"{goal}: {'met' if is_met else 'missed'}",
        figures=ours.figures | {"ratio": ratio.median},
    )


def _errors(runs: Sequence[Run]) -> dict[str, int]:
    errors: dict[str, int] = {}
    for run in runs:
        for error, count in run.errors.items():
            errors[error] = errors.get(error, 0) + count
    return errors
