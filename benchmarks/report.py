"""What a run has measured: a file of numbers, and a table to read."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.paths import BUILD, ROOT

RESULTS = ROOT / "benchmarks" / "results"  # of whole runs, which are committed
QUICK_RESULTS = BUILD / "benchmarks"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


@dataclass(frozen=True)
class Row:
    """One line of the table. What is told of a side are numbers with their units."""

    what: str
    ours: str
    opponent: str = ""
    theirs: str = ""
    ratio: str = ""  # the median of the alternations
    spread: str = ""  # the smallest and the largest of them
    goal: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)  # what the next run is compared by

    @property
    def against(self) -> str:
        """The opponent and what it did."""
        return ": ".join(part for part in (self.opponent, self.theirs) if part)


def save(
    name: str, measured: dict[str, Any], rows: Sequence[Row], circumstances: dict[str, Any]
) -> Path:
    """Write the numbers of one part of the benchmark, over those of the run before."""
    path = _folder(circumstances) / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "date": _today(),
        **circumstances,
        "rows": [asdict(row) for row in rows],
        "measured": measured,
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def table(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table in Markdown, with the commits and the machines above it.

    Args:
        parts: the contents of the files that `save` writes, by the names of their parts.
    """
    last = list(parts.values())[-1]
    rows = [Row(**row) for part in parts.values() for row in part["rows"]]
    lines = [
        f"{_origins(parts)}; {_listed(last['versions'])}. Peers: {_listed(last['peers'])}.",
        "",
        *markdown(
            ("what", "ours", "against", "ratio", "spread", "goal"),
            [(row.what, row.ours, row.against, row.ratio, row.spread, row.goal) for row in rows],
        ),
    ]
    return "\n".join(lines)


def _origins(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell when, of which commit and where each part was measured; of one run it is told once."""
    names: dict[str, list[str]] = {}
    for name, part in parts.items():
        machine = part["machine"]
        origin = (
            f"{part['date']}, commit {part['commit']}, {machine['cores']} cores of "
            f"{machine['cpu']}, {machine['memory_gib']} GiB, load {machine['load_average'][0]} at "
            "the beginning"
        )
        names.setdefault(origin, []).append(name.replace("_", " "))
    if len(names) == 1:
        return next(iter(names))
    return "; ".join(f"{', '.join(measured)}: {origin}" for origin, measured in names.items())


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; what would end a cell is put in another way."""
    ruled = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in ruled]


def write_into_readme(part: str) -> None:
    """Put the table where the README of the benchmarks has its last one."""
    readme = ROOT / "benchmarks" / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{part}\n\n{END}{after}", encoding="utf-8")


def saved(names: Iterable[str], circumstances: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was saved last of each of these parts, in their order, as far as there is any."""
    paths = {name: _folder(circumstances) / f"{name}.json" for name in names}
    return {
        name: json.loads(path.read_text(encoding="utf-8"))
        for name, path in paths.items()
        if path.is_file()
    }


def _folder(circumstances: Mapping[str, Any]) -> Path:
    return QUICK_RESULTS if circumstances["quick"] else RESULTS


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
