"""What a run has measured: a file of numbers, and a table to read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.paths import BUILD, ROOT

RESULTS = ROOT / "benchmarks" / "results"  # of whole runs, which are committed
QUICK_RESULTS = BUILD / "benchmarks"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


@dataclass(frozen=True)
class Row:
    """One line of the table. `ours`, `theirs` and the spread are numbers with their unit."""

    what: str
    ours: str
    against: str
    ratio: str  # the median of the alternations
    spread: str  # the smallest and the largest of them
    goal: str


def save(name: str, measured: dict[str, Any], circumstances: dict[str, Any]) -> Path:
    """Write the numbers of one part of the benchmark, over those of the run before."""
    folder = QUICK_RESULTS if circumstances["quick"] else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    content = {"date": _today(), **circumstances, "measured": measured}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def table(rows: Sequence[Row], circumstances: dict[str, Any]) -> str:
    """Return the table in Markdown, with the commit and the machine above it."""
    machine, versions = circumstances["machine"], circumstances["versions"]
    lines = [
        f"{_today()}, commit {circumstances['commit']}, {machine['cores']} cores of "
        f"{machine['cpu']}, {machine['memory_gib']} GiB, load {machine['load_average'][0]} at the "
        f"beginning; " + ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "",
        "| what | ours | against | ratio | spread | goal |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.ours} | {row.against} | {row.ratio} | {row.spread} | {row.goal} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_into_readme(part: str) -> None:
    """Put the table where the README of the benchmarks has its last one."""
    readme = ROOT / "benchmarks" / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{part}\n\n{END}{after}", encoding="utf-8")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
