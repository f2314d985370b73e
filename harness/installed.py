"""Programs and packages that a part of this is run with, installed on its first use."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.commands import CommandFailed
from scripts.environment import search_path
from scripts.paths import ENVIRONMENT
from scripts.steps import Step


class NotInstalled(Exception):
    """Something can't be run here; the reason is the last line of what its installer said."""


def our(program: str) -> str:
    """Return the path of a program as the checkout uses it, such as node; raises `NotInstalled`."""
    found = shutil.which(program, path=search_path(ENVIRONMENT))
    if found is None:
        raise NotInstalled(f"{program} is not on the path")
    return found


def packages_step(folder: Path, source: Path, npm: Callable[[], str]) -> Step:
    """Return the step that installs into `folder` what the lock file in `source` pins."""
    files = [source / name for name in ("package.json", "package-lock.json")]

    def commands() -> Sequence[Sequence[str | Path]]:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
        return [[npm(), "ci", *quiet, "--prefix", folder]]

    return Step(
        f"Packages of {folder.name}",
        commands,
        stamp=folder / "node_modules" / "installed",
        inputs=files,
    )


def do(step: Step) -> None:
    """Do a step unless it is done; raises `NotInstalled`."""
    if step.is_done():
        return
    try:
        step.do()
    except CommandFailed as failure:
        last = failure.log_tail().strip().splitlines()[-1:]
        raise NotInstalled(" ".join(last).strip() or failure.name) from failure
