import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.paths import ROOT


def test_help_lists_every_target_with_its_sentence() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE)
    assert {"run", "test", "help", "schema", "format", "check", "clean"} <= set(targets)
    shown = _make("help").stdout
    for target in targets:
        assert re.search(rf"^  make {target} +[A-Z].+$", shown, re.MULTILINE), target


def test_make_alone_shows_the_help() -> None:
    assert _make().stdout == _make("help").stdout


@pytest.mark.parametrize("target", ["run", "test", "check", "format", "schema", "constraints"])
def test_without_the_right_python_one_sentence_says_so(target: str, tmp_path: Path) -> None:
    for program in ("sh", "make"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    outdated = tmp_path / "python3.11"
    outdated.write_text("#!/bin/sh\nexit 1\n")
    outdated.chmod(0o755)
    answer = _make(target, search_path=str(tmp_path))
    assert answer.returncode != 0
    assert "Telltale needs Python 3.11" in answer.stderr
    assert answer.stdout == ""


def _make(*targets: str, search_path: str | None = None) -> "subprocess.CompletedProcess[str]":
    make = shutil.which("make")
    assert make is not None
    return subprocess.run(
        [make, *targets],
        cwd=ROOT,
        env={"PATH": search_path} if search_path else None,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
