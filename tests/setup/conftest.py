"""A copy of the scripts in a folder of its own, so that locks and stamps are the test's alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.paths import ROOT

RunPython = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("*.pyc"))
    return folder


@pytest.fixture
def run_python(checkout: Path) -> RunPython:
    """Run Python in the copied checkout; `PORT` and the like as keywords."""

    def run(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=checkout,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
