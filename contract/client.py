"""GraphQL clients of other makers: what each is installed by, generated with and run as."""

import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphql import build_schema, introspection_from_schema
from orjson import dumps

from harness.installed import do, our, packages_step
from scripts.environment import search_path
from scripts.paths import BUILD, ENVIRONMENT, ROOT
from scripts.steps import Step

SOURCES = ROOT / "contract" / "clients"
ENVIRONMENTS = BUILD / "clients"
SCHEMA = ROOT / "schema.graphql"
QUIET_PIP = ("--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--no-compile")

Command = Sequence[str]


@dataclass(frozen=True)
class Client:
    """A client in an environment of its own, with the journey that it is sent on."""

    name: str  # of its folder
    run: Command
    generate: tuple[Command, ...] = ()

    @property
    def source(self) -> Path:
        """The folder with what is committed of it."""
        return SOURCES / self.name

    @property
    def folder(self) -> Path:
        """The folder in which it is installed and run."""
        return ENVIRONMENTS / self.name

    @property
    def is_python(self) -> bool:
        """Whether it is a client for Python; the others are for JavaScript."""
        return (self.source / "requirements.txt").exists()

    def install(self) -> None:
        """Install what is pinned, unless it is there, and lay the journey and the schema beside it.

        Raises:
            NotInstalled: a registry or a program can't be reached.
        """
        do(self._python_step() if self.is_python else self._node_step())
        for file in (*_files(SOURCES), *_files(self.source)):
            shutil.copy(file, self.folder)
        text = SCHEMA.read_text(encoding="utf-8")
        (self.folder / SCHEMA.name).write_text(text, encoding="utf-8")
        introspected = {"data": introspection_from_schema(build_schema(text))}
        (self.folder / "schema.json").write_bytes(dumps(introspected))

    def variables(self, further: Mapping[str, str]) -> dict[str, str]:
        """Return the variables that its programs are started with: nothing of ours but the PATH."""
        programs = (self.folder / "bin", self.folder / "node_modules" / ".bin")
        path = os.pathsep.join([*map(str, programs), search_path(ENVIRONMENT)])
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, "PATH": path, **further}

    def _node_step(self) -> Step:
        return packages_step(self.folder, self.source, lambda: our("npm"))

    def _python_step(self) -> Step:
        requirements = self.source / "requirements.txt"
        pip = (str(self.folder / "bin" / "python"), "-m", "pip", "install", *QUIET_PIP)
        return Step(
            f"Environment of {self.name}",
            lambda: [
                [sys.executable, "-m", "venv", "--clear", self.folder],
                [*pip, "-r", requirements],
            ],
            stamp=self.folder / "installed",
            inputs=[requirements],
            settings=[sys.version, str(ROOT)],
        )


CLIENTS = (
    Client("apollo", ("node", "journey.mjs")),
    Client("urql", ("node", "journey.mjs")),
    Client("relay", ("node", "journey.mjs"), (("relay-compiler", "relay.config.json"),)),
    Client(
        "graphql_codegen",
        ("node", "built/journey.js"),
        (("graphql-codegen", "--config", "codegen.json"), ("tsc", "-p", ".")),
    ),
    Client("gql", ("python", "journey.py")),
    Client(
        "sgqlc",
        ("python", "journey.py"),
        (("sgqlc-codegen", "schema", "schema.json", "telltale_schema.py"),),
    ),
    Client(
        "ariadne_codegen",
        ("python", "journey.py"),
        (("ariadne-codegen", "--config", "ariadne.toml"),),
    ),
)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.iterdir() if path.is_file())
