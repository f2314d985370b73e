"""What is pinned and no longer the newest that a registry has: told by `make constraints`.

What is direct is raised by hand, in the file that is named. What is not is as new as those that
need it take.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from scripts.environment import search_path
from scripts.paths import ENVIRONMENT, ROOT

REQUIREMENTS = (
    "requirements_production.txt",
    "requirements_build.txt",
    "requirements_development.txt",
)
_WITHOUT_BUNDLER = "GraphiQL 3 is the last with a file that a browser loads without a bundler"
HELD = {
    "torch": "the reference that answers were measured with; raised with a new model card",
    "graphiql": _WITHOUT_BUNDLER,
    "@graphiql/plugin-explorer": _WITHOUT_BUNDLER,
    "react": "the last with such a file, and GraphiQL 3's",
    "react-dom": "the last with such a file, and GraphiQL 3's",
    "@fortawesome/fontawesome-free": "the icons that the client was drawn with",
}


@dataclass(frozen=True)
class Behind:
    """A package that is older than it could be."""

    name: str
    pinned: str
    newest: str
    why: str

    def __str__(self) -> str:
        """Return the line that tells it."""
        return f"{self.name} {self.pinned}, newest {self.newest}: {self.why}"


def pins_behind() -> list[Behind]:
    """Ask the registries, pip's and npm's; the packages have to be installed."""
    outdated = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--outdated", "--format", "json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    # npm says by its status, as other programs tell an error, that there are some.
    of_node = subprocess.run(
        ["npm", "outdated", "--json"],
        stdout=subprocess.PIPE,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PATH": search_path(ENVIRONMENT)},
    )
    pins = pins_of("constraints.txt")
    return [
        *python_behind(json.loads(outdated.stdout), pins, _files_of_direct_pins()),
        *node_behind(json.loads(of_node.stdout)),
    ]


def python_behind(
    outdated: Sequence[Mapping[str, str]], pins: Mapping[str, str], files: Mapping[str, str]
) -> list[Behind]:
    """Return the pins that are behind.

    Args:
        outdated: what pip says of the installed packages, which the pins may be ahead of.
        pins: every version by its package, as in constraints.txt.
        files: where a direct dependency is pinned.
    """
    newest: dict[str, str] = {
        canonicalize_name(each["name"]): each["latest_version"] for each in outdated
    }
    return [
        Behind(name, pinned, newest[name], _why(name, files.get(name)))
        for name, pinned in sorted(pins.items())
        if newest.get(name, pinned) != pinned
    ]


def node_behind(outdated: Mapping[str, Mapping[str, Any]]) -> list[Behind]:
    """Return the same of npm's packages, which are all direct."""
    return [
        Behind(name, each["current"], each["latest"], _why(name, "package.json"))
        for name, each in sorted(outdated.items())
    ]


def pins_of(file_name: str) -> dict[str, str]:
    """Return the versions that a file pins, by the package."""
    lines = (ROOT / file_name).read_text().splitlines()
    pins = (line.partition("#")[0].strip().partition("==") for line in lines)
    return {
        canonicalize_name(name.partition("[")[0]): version for name, _, version in pins if version
    }


def _files_of_direct_pins() -> dict[str, str]:
    return {name: file_name for file_name in REQUIREMENTS for name in pins_of(file_name)}


def _why(name: str, file_name: str | None) -> str:
    return HELD.get(name) or (
        f"raise it in {file_name}" if file_name else "others take no newer one"
    )
