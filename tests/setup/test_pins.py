"""That what is pinned in several places agrees, and that nothing is left unpinned."""

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from scripts.paths import ROOT

# CUDA's packages, which come with PyTorch only where its CPU index cannot be reached.
PLATFORM_PACKAGES = ("nvidia-", "cuda-", "triton")
# The environment's own tools; and scikit-image lies there without its dependencies, for its photos.
UNCONSTRAINED = {"pip", "telltale"}
REQUIREMENTS = sorted(ROOT.glob("requirements_*.txt"))


def test_every_installed_package_is_the_pinned_one() -> None:
    pinned = _pins(ROOT / "constraints.txt")
    installed = {
        _normalised(distribution.name): distribution.version.partition("+")[0]
        for distribution in distributions(path=[_site_packages()])
    }
    strays = {
        name: version
        for name, version in installed.items()
        if pinned.get(name) != version
        and name not in UNCONSTRAINED
        and not name.startswith(PLATFORM_PACKAGES)
    }
    assert strays == {}


def test_the_installed_packages_fit_each_other() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    complaints = [
        line
        for line in check.stdout.splitlines()
        if not line.startswith(("scikit-image ", "No broken requirements"))
    ]
    assert complaints == []


@pytest.mark.parametrize("requirements", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_are_pinned_as_the_constraints_are(requirements: Path) -> None:
    pinned = _pins(ROOT / "constraints.txt")
    direct = _pins(requirements)
    assert direct
    assert {name: pinned.get(name) for name in direct} == direct


def test_every_direct_dependency_of_production_has_a_reason() -> None:
    lines = (ROOT / "requirements_production.txt").read_text().splitlines()
    unexplained = [line for line in lines if "==" in line and "#" not in line]
    assert unexplained == []


@pytest.mark.parametrize("name", ["constraints.txt", *(path.name for path in REQUIREMENTS)])
def test_python_pins_name_no_address_and_no_checksum(name: str) -> None:
    assert re.search(r"https?://|--hash|@ ", (ROOT / name).read_text()) is None


def test_the_node_lock_records_no_download_address() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_the_node_lock_is_of_the_packages_asked_for() -> None:
    asked_for = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in (asked_for["dependencies"] | asked_for["devDependencies"]).items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_the_hosts_agree_on_the_python_version() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert (ROOT / "runtime.txt").read_text().strip() == f"python-{version}"
    assert "PYTHON_VERSION" not in (ROOT / "render.yaml").read_text()  # it would overrule the file
    assert f"{sys.version_info.major}.{sys.version_info.minor}" == version


def _pins(path: Path) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", path.read_text(), re.MULTILINE)
    return {_normalised(name): version for name, version in pins}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _site_packages() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))
