"""Draws the plots of the committed results, beside the README."""

import subprocess

from benchmarks.environments import own_variables, python_environment
from benchmarks.report import RESULTS
from harness.installed import NotInstalled
from scripts.paths import ROOT

BENCHMARKS = ROOT / "benchmarks"


def draw() -> None:
    """Draw `scaling.svg` and `ratios.svg`, or say why not."""
    try:
        python = python_environment(BENCHMARKS / "plotting").python
    except NotInstalled as error:
        print(f"No plots: {error}")
        return
    arguments = [str(RESULTS), str(BENCHMARKS)]
    command = [str(python), "-m", "benchmarks.plotting.draw", *arguments]
    subprocess.run(command, cwd=ROOT, env=own_variables(), check=True)
