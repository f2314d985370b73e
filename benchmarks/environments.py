"""The environments of the peers, each installed on its first use and apart from ours."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.installed import do, packages_step
from scripts.environment import PYTORCH_CPU_INDEX
from scripts.own_environment import QUIET_PIP
from scripts.paths import BUILD, ROOT
from scripts.steps import Step

ENVIRONMENTS = BUILD / "benchmarks" / "environments"
PEERS = ROOT / "benchmarks" / "peers"


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
    do(_python_step(installed, source / "requirements.txt"))
    return installed


def node_environment(source: Path) -> Installed:
    """Install Node.js, and what the lock file in `source` pins; raises `NotInstalled`."""
    installed = python_environment(source)
    npm = installed.folder / "bin" / "npm"
    do(packages_step(installed.folder, source, lambda: str(npm)))
    return installed


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
