"""Environments below `build` for what our own must not have: made and filled on their first use."""

import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.paths import ROOT
from scripts.steps import Step

QUIET_PIP = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off")


def own_environment(name: str, folder: Path, *requirements: Path) -> Path:
    """Return the Python of the environment in `folder`, with what each file pins, one on another.

    What is done is not done again. Raises `CommandFailed`.
    """
    python = folder / "bin" / "python"
    environment = Step(
        f"Environment of {name}",
        lambda: [[sys.executable, "-m", "venv", "--clear", "--without-pip", folder]],
        stamp=folder / "steps" / "environment",
        settings=[sys.version, str(ROOT)],
        makes=[python],
    )
    pip = (sys.executable, "-m", "pip", "--python", python)  # ours: to install one takes a minute
    packages = [
        Step(
            f"Packages of {name}" + (f", {file.stem}" if number else ""),
            lambda file=file: [[*pip, "install", *QUIET_PIP, "--no-compile", "-r", file]],  # type: ignore[misc]
            stamp=folder / "steps" / file.name,
            inputs=_with_included(file),
        )
        for number, file in enumerate(requirements)
    ]
    for step in (environment, *packages):
        if not step.is_done():
            step.do()
    return python


def _with_included(requirements: Path) -> Sequence[Path]:
    lines = requirements.read_text(encoding="utf-8").splitlines()
    included = [line.removeprefix("-r ").strip() for line in lines if line.startswith("-r ")]
    return [requirements, *(requirements.parent / name for name in included)]
