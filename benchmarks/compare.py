"""`python -m benchmarks.compare`: what the last run has moved against the one that is committed.

Numbers belong to a machine, so this shows and never fails.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import QUICK_RESULTS, RESULTS, markdown
from scripts.paths import ROOT

NOTICEABLE = 0.1  # a smaller change is noise


@dataclass(frozen=True)
class Move:
    """A figure of a line, before and now."""

    line: str
    unit: str
    before: float
    now: float

    @property
    def change(self) -> float:
        """How much of what was there has been added."""
        return self.now / self.before - 1 if self.before else 0.0

    @property
    def is_noticeable(self) -> bool:
        """Whether it is more than noise."""
        return abs(self.change) > NOTICEABLE


def main() -> int:
    """Print, part by part, what has moved; 0 whatever that is."""
    results = sorted(RESULTS.glob("*.json"))
    if not results:
        print("There is no whole run yet to compare with.")
    for path in results:
        committed, run = _committed(path), _last_run(path.name)
        if committed is None or run is None or run == committed:
            print(f"{path.stem}: nothing measured since the committed run.\n")
            continue
        print(f"{path.stem}: {_origin(committed)} → {_origin(run)}\n")
        print(f"{moved(committed, run)}\n")
    return 0


def moved(committed: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """Return a table of what changed noticeably, and a sentence about the rest."""
    moves = list(_moves(committed, run))
    noticeable = [move for move in moves if move.is_noticeable]
    lines = markdown(
        ("what", "unit", "committed", "now", "change"),
        [
            (move.line, move.unit, f"{move.before:.4g}", f"{move.now:.4g}", f"{move.change:+.0%}")
            for move in noticeable
        ],
    )
    rest = f"{len(moves) - len(noticeable)} figures moved by at most {NOTICEABLE:.0%}."
    return "\n".join([*lines, "", rest] if noticeable else [rest])


def _moves(committed: Mapping[str, Any], run: Mapping[str, Any]) -> Iterator[Move]:
    before = {_line(row): row["figures"] for row in committed["rows"]}
    for row in run["rows"]:
        for unit, now in row["figures"].items():
            figures = before.get(_line(row), {})
            if unit in figures:
                yield Move(_line(row), unit, figures[unit], now)


def _line(row: Mapping[str, Any]) -> str:
    return f"{row['what']} against {row['opponent']}" if row["opponent"] else str(row["what"])


def _origin(content: Mapping[str, Any]) -> str:
    quick = ", quick" if content["quick"] else ""
    return f"{content['commit']} of {content['date']} on {content['machine']['cpu']}{quick}"


def _committed(path: Path) -> dict[str, Any] | None:
    show = ["git", "show", f"HEAD:{path.relative_to(ROOT)}"]
    shown = subprocess.run(show, cwd=ROOT, capture_output=True, text=True, check=False)
    return None if shown.returncode else json.loads(shown.stdout)


def _last_run(name: str) -> dict[str, Any] | None:
    """Return the numbers of the last run, whole or quick."""
    runs = [path for path in (RESULTS / name, QUICK_RESULTS / name) if path.is_file()]
    if not runs:
        return None
    content: dict[str, Any] = json.loads(max(runs, key=_written).read_text(encoding="utf-8"))
    return content


def _written(path: Path) -> float:
    return path.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main())
