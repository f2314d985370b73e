"""That the scripts parse, and that the repository knows no machine."""

import subprocess

import pytest

from scripts.paths import ROOT


@pytest.mark.parametrize("script", ["build.sh", ".ci/run", "scripts/find_python.sh"])
def test_shell_scripts_parse(script: str) -> None:
    subprocess.run(["bash", "-n", ROOT / script], check=True)


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
