"""`python -m benchmarks.plotting.draw RESULTS FOLDER`: draw what files of results hold, as SVG."""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

OURS, GOAL, MISSED = "#2b6cb0", "#718096", "#c05621"
# The same picture for the same numbers: no date, no random names, text that stays text.
SETTINGS = {"svg.hashsalt": "telltale", "svg.fonttype": "none", "font.size": 9}
NO_DATE = {"Date": None}

Content = Mapping[str, Any]


def main() -> int:
    """Draw the plots whose numbers are there."""
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    mpl.rcParams.update(SETTINGS)
    parts = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(arguments.results.glob("*.json"))
    }
    if "scaling" in parts:
        figure = scaling(parts["scaling"]["measured"]["lines"])
        figure.savefig(arguments.folder / "scaling.svg", metadata=NO_DATE)
    rows = [row for name in ("predict", "history") for row in parts.get(name, {}).get("rows", ())]
    compared = [row for row in rows if row["goal"].startswith("≥")]
    if compared:
        ratios(compared).savefig(arguments.folder / "ratios.svg", metadata=NO_DATE)
    return 0


def scaling(lines: Mapping[str, Mapping[str, Sequence[Content]]]) -> Figure:
    """Draw throughput, a line each: the median of the runs, and what lay between them."""
    figure = Figure(figsize=(10, 6.4), layout="constrained")
    for axes, (name, points) in zip(figure.subplots(2, 2).flat, lines.items(), strict=False):
        speeds = [[run["per_second"] for run in runs] for runs in points.values()]
        middle = [median(values) for values in speeds]
        places = range(len(points))
        axes.fill_between(
            places, list(map(min, speeds)), list(map(max, speeds)), color=OURS, alpha=0.15
        )
        axes.plot(places, middle, marker="o", color=OURS)
        for place, value in zip(places, middle, strict=True):
            axes.annotate(f"{value:.0f}", (place, value), xytext=(0, 7), textcoords="offset points")
        axes.set_xticks(list(places), list(points))
        axes.set_title(name)
        axes.set_ylabel("answers a second")
        axes.set_ylim(0, 1.2 * max(map(max, speeds)))
    return figure


def ratios(rows: Sequence[Content]) -> Figure:
    """Draw how many times as many answers ours gave: the median, the spread and the goal."""
    figure = Figure(figsize=(10, 0.9 + 0.27 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for place, row in enumerate(rows):
        smallest, largest = map(float, row["spread"].split(" to "))
        goal = float(re.findall(r"[\d.]+", row["goal"])[0])
        color = OURS if row["goal"].endswith("met") else MISSED
        axes.plot([smallest, largest], [place, place], color=color, linewidth=3, alpha=0.4)
        axes.plot(row["figures"]["ratio"], place, marker="o", color=color)
        axes.plot(goal, place, marker="|", markersize=12, color=GOAL)
    axes.set_yticks(range(len(rows)), [f"{row['what']}, {row['opponent']}" for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("answers a second, ours ÷ theirs (the stroke is the goal)")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.grid(axis="x", which="both", alpha=0.2)
    return figure


if __name__ == "__main__":
    sys.exit(main())
