"""The environments of the peers, each installed on its first use and apart from ours."""

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.commands import CommandFailed
from scripts.environment import PYTORCH_CPU_INDEX, search_path
from scripts.paths import BUILD, ENVIRONMENT, ROOT
from scripts.steps import Step

ENVIRONMENTS = BUILD / "benchmarks" / "environments"
PEERS = ROOT / "benchmarks" / "peers"
GENERATOR = ROOT / "benchmarks" / "generator"
QUIET_PIP = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")


class NotInstalled(Exception):
    """A peer can't be measured here; the reason is the last line of what its installer said."""


@dataclass(frozen=True)
class Installed:
    """An environment that is ready: its folder, and the programs in it."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter that sees the peer's packages."""
        return self.folder / "bin" / "python"

    @property
    def node(self) -> Path:
        """Node.js, for a peer that brings one."""
        return self.folder / "bin" / "node"


def python_environment(source: Path) -> Installed:
    """Install what the `requirements.txt` in `source` pins; raises `NotInstalled`."""
    installed = Installed(ENVIRONMENTS / source.name)
    _do(_python_step(installed, source / "requirements.txt"))
    return installed


def node_environment(source: Path) -> Installed:
    """Install Node.js, and what the lock file in `source` pins; raises `NotInstalled`."""
    installed = python_environment(source)
    _do(_npm_step(installed, source, lambda: str(installed.folder / "bin" / "npm")))
    return installed


def generator_environment() -> Installed:
    """Install the load generator, for the Node.js that the checkout uses."""
    installed = Installed(ENVIRONMENTS / "generator")
    _do(_npm_step(installed, GENERATOR, lambda: _on_our_path("npm")))
    return installed


def our_node() -> str:
    """Return the Node.js that the checkout uses."""
    return _on_our_path("node")


def _on_our_path(program: str) -> str:
    found = shutil.which(program, path=search_path(ENVIRONMENT))
    if found is None:
        raise NotInstalled(f"{program} is not on the path")
    return found


def _python_step(installed: Installed, requirements: Path) -> Step:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    included = [PEERS / line.removeprefix("-r ../") for line in lines if line.startswith("-r ../")]
    torch = [line.split()[0] for line in lines if line.startswith("torch==")]

    def commands() -> Sequence[Sequence[str | Path]]:
        pip: list[str | Path] = [installed.python, "-m", "pip", "install", *QUIET_PIP]
        from_cpu_index = ["--retries", "0", "--extra-index-url", PYTORCH_CPU_INDEX]
        todo: list[list[str | Path]] = [[sys.executable, "-m", "venv", "--clear", installed.folder]]
        if torch:  # first and alone, as in scripts/environment.py: the build without CUDA
            todo.append([*pip, *from_cpu_index, *torch])
        todo.append([*pip, "-r", requirements])
        if any(line.startswith("nodejs") for line in lines):  # node and npm, put beside python
            todo.append([installed.python, "-m", "scripts.node"])
        return todo

    return Step(
        f"Environment of {installed.folder.name}",
        commands,
        stamp=installed.folder / "installed",
        inputs=[requirements, *included],
        settings=[sys.version, str(ROOT)],
        makes=[installed.python],
    )


def _npm_step(installed: Installed, source: Path, npm: Callable[[], str]) -> Step:
    files = [source / name for name in ("package.json", "package-lock.json")]

    def commands() -> Sequence[Sequence[str | Path]]:
        installed.folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, installed.folder)
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
        return [[npm(), "ci", *quiet, "--prefix", installed.folder]]

    return Step(
        f"Packages of {installed.folder.name}",
        commands,
        stamp=installed.folder / "node_modules" / "installed",
        inputs=files,
    )


def _do(step: Step) -> None:
    if step.is_done():
        return
    try:
        step.do()
    except CommandFailed as failure:
        last = failure.log_tail().strip().splitlines()[-1:]
        raise NotInstalled(" ".join(last).strip() or failure.name) from failure


def own_variables() -> dict[str, str]:
    """Return the environment that a peer's process starts with."""
    home = BUILD / "benchmarks" / "home"  # some write files there
    home.mkdir(parents=True, exist_ok=True)
    kept = ("PATH", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",  # as ours has it: threads that multiply take each other's cores
    }
