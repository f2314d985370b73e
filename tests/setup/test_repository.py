"""That the scripts parse, files are short, and the repository knows no machine."""

import subprocess

import pytest

from scripts.paths import ROOT

WRITTEN_BY_HAND = ["*.py", "*.js", "*.mjs", "*.css"]
LONGEST_LINES = 300
LOOKED_UP = "client/words/"  # a sentence a line, which nobody reads through


@pytest.mark.parametrize("script", ["build.sh", ".ci/run", "scripts/find_python.sh"])
def test_shell_scripts_parse(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True)


def test_a_file_is_read_in_one_sitting() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--", *WRITTEN_BY_HAND],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    lines = {path: (ROOT / path).read_text(encoding="utf-8").count("\n") for path in listed}
    assert len(lines) > 100
    long = [path for path, count in lines.items() if count > LONGEST_LINES]
    assert [path for path in long if not path.startswith(LOOKED_UP)] == []


def test_tracked_files_name_no_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "grep", "-nIE", r"(^|[^\w.])/(root|work|home/[a-z]+)/\w", "--", ".", ":!*.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert listed.stdout == ""
    assert listed.returncode == 1  # nothing found; 128 would mean that git could not look
