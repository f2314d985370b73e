"""That the peers are pinned, that each pin has its reason, and that shared packages are ours."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from benchmarks.environments import PEERS
from harness.load.generator import GENERATOR
from scripts.paths import ROOT

PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.MULTILINE)
REQUIREMENTS = sorted(
    [*PEERS.rglob("*.txt"), ROOT / "benchmarks" / "plotting" / "requirements.txt"]
)
# The modules that come with what every peer does with a photo.
IMPORTED = """
import sys, benchmarks.peers.answering
from server.classifier.image_file import load_heic
load_heic()
print(*{name.partition(".")[0] for name in sys.modules})
"""
# What those that are pinned bring along, or do without.
OF_OTHERS = {"setuptools"}
NODE_PROJECTS = (GENERATOR, PEERS / "postgraphile")


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.parent.name)
def test_every_requirement_is_pinned_and_says_why(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line == "-r ../graph.txt" or (PIN.match(line) and " # " in line), line


def test_peers_have_all_that_answering_imports() -> None:
    imported = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    pins = PIN.findall((PEERS / "graph.txt").read_text(encoding="utf-8"))
    pinned = {_normalised(name) for name, _ in pins}
    distributions = packages_distributions()
    wanted = {_normalised(name) for module in imported for name in distributions.get(module, ())}
    assert "numpy" in wanted
    assert wanted - pinned <= OF_OTHERS


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.parent.name)
def test_what_a_peer_shares_with_us_has_our_version(path: Path) -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    ours = {_normalised(name): version for name, version in PIN.findall(constraints)}
    theirs = PIN.findall(path.read_text(encoding="utf-8"))
    assert theirs
    for name, version in theirs:
        assert ours.get(_normalised(name), version) == version, name


@pytest.mark.parametrize("folder", NODE_PROJECTS, ids=lambda path: path.name)
def test_locks_are_of_what_is_asked_for_and_record_no_address(folder: Path) -> None:
    asked_for = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    text = (folder / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    locked = json.loads(text)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked_for} == asked_for


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
