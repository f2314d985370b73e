"""The suite itself, with two of its faults; `make faults` does all."""

import subprocess
import sys

import pytest

from scripts.paths import ROOT

pytestmark = pytest.mark.live


@pytest.mark.usefixtures("model_directory")
def test_killed_workers_and_cut_connections_lose_nothing() -> None:
    command = [sys.executable, "-m", "faults", "kill_all_workers", "cut_connections"]
    suite = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert suite.returncode == 0, suite.stdout + suite.stderr
    assert "exactly once" in suite.stdout.splitlines()[-1]
