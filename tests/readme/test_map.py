"""The README's map of the code is the one that `git ls-files` shows."""

import re
import subprocess

from scripts.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAP = re.compile(r"^\| folder \| what is in it \|\n\|---\|---\|\n((?:\|.*\n)+)", re.MULTILINE)


def tracked_folders() -> set[str]:
    """Every folder at the top, and in place of `server` the capabilities in it."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folders = {tuple(path.split("/")[:-1]) for path in listed if not path.startswith(".")}
    capabilities = {"/".join(folder[:2]) for folder in folders if folder[:1] == ("server",)}
    return capabilities - {"server"} | {folder[0] for folder in folders if folder} - {"server"}


def test_the_map_has_every_folder_and_no_other() -> None:
    table = MAP.search(README)
    assert table
    rows = [row.split("|")[1] for row in table[1].splitlines()]
    shown = [folder for row in rows for folder in re.findall(r"`([^`]+)`", row)]

    assert sorted(shown) == sorted(tracked_folders())
