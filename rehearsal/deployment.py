"""A deployment as render.yaml states it: clone, build command, start command, environment."""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from scripts.paths import ROOT

READY_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 30  # what Render grants between SIGTERM and SIGKILL
LOG_TAIL_LINES = 30
# How this machine reaches the package registries is no part of the rehearsal.
OF_THE_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
OF_PACKAGE_MANAGERS = ("PIP_", "NPM_CONFIG_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


class RehearsalFailed(Exception):
    """A part of the deployment did not do what it should; the message says which and how."""


@dataclass(frozen=True)
class Deployment:
    """A clone of the commit, and what render.yaml says about it."""

    folder: Path
    service: dict[str, Any]
    variables: dict[str, str]
    port: int
    name: str = "server"

    @property
    def host(self) -> str:
        """The name it is reached by."""
        return self.variables["RENDER_EXTERNAL_HOSTNAME"]

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.folder.parent / f"{self.name}.log"

    def instance(self, port: int) -> "Deployment":
        """Return the same at another port, for one of several that serve at once."""
        variables = self.variables | {"PORT": str(port)}
        return replace(self, variables=variables, port=port, name=f"instance-{port}")

    def build(self) -> float:
        """Run the build command; return the seconds it took."""
        log = self.folder.parent / "build.log"
        started = time.monotonic()
        with self._running(self.service["buildCommand"], log) as build:
            code = build.wait()
        if code != 0:
            raise RehearsalFailed(f"The build ended with {code}:\n{tail(log)}")
        return time.monotonic() - started

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the start command, and end it at the end of the block if it still runs."""
        with self._running(f"exec {self.service['startCommand']}", self.log) as server:
            yield server

    @contextmanager
    def _running(self, command: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", command],
                cwd=self.folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            if process.poll() is None:  # it and all that it has started
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def wait_until_healthy(self, server: "subprocess.Popen[bytes]") -> float:
        """Probe as Render does; return the seconds until the first 200."""
        started = time.monotonic()
        address = f"http://127.0.0.1:{self.port}{self.service['healthCheckPath']}"
        while server.poll() is None and time.monotonic() - started < READY_TIMEOUT_SECONDS:
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return time.monotonic() - started
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RehearsalFailed(f"The server did not become healthy:\n{tail(self.log)}")

    def stop(self, server: "subprocess.Popen[bytes]") -> float:
        """Ask the server to end, as Render does; return the seconds it took."""
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        try:
            code = server.wait(STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise RehearsalFailed("The server outlived SIGTERM and would be killed.") from error
        if code != 0:
            raise RehearsalFailed(f"The server ended with {code}:\n{tail(self.log)}")
        return time.monotonic() - started


def clone(folder: Path, commit: str) -> None:
    """Put the files of `commit`, and nothing else of this checkout, into the empty `folder`."""
    for command in (
        ["git", "clone", "--quiet", "--no-checkout", str(ROOT), str(folder)],
        ["git", "-C", str(folder), "checkout", "--quiet", "--detach", commit],
        [sys.executable, "-m", "venv", str(folder / ".venv")],  # Render has one active
    ):
        subprocess.run(command, check=True)


def deployment(
    folder: Path,
    *,
    port: int,
    database_url: str,
    host: str,
    asked_for: Mapping[str, str],
    before: Deployment | None = None,
) -> Deployment:
    """Read render.yaml of the clone in `folder`; `asked_for` answers what is not synchronised.

    What was made up for the version `before` it stays, as Render keeps it.
    """
    blueprint = yaml.safe_load((folder / "render.yaml").read_text())
    (service,) = blueprint["services"]
    variables = {
        name: value
        for name, value in os.environ.items()
        if name in OF_THE_MACHINE or name.upper().startswith(OF_PACKAGE_MANAGERS)
    }
    variables |= {
        "VIRTUAL_ENV": str(folder / ".venv"),
        "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PORT": str(port),
        "RENDER": "true",
        "RENDER_EXTERNAL_HOSTNAME": host,
        "RENDER_EXTERNAL_URL": f"https://{host}",
    }
    for variable in service["envVars"]:
        kept = before.variables if before is not None and variable.get("generateValue") else {}
        value = _value(variable, database_url, asked_for)
        variables[variable["key"]] = kept.get(variable["key"], value)
    return Deployment(folder, service, variables, port)


def _value(variable: dict[str, Any], database_url: str, asked_for: Mapping[str, str]) -> str:
    if "value" in variable:
        return str(variable["value"])
    if variable.get("generateValue"):
        return secrets.token_urlsafe(32)[:44]
    if "fromDatabase" in variable:
        return database_url
    return asked_for.get(variable["key"], "")


def tail(log: Path) -> str:
    """The last lines of a log."""
    lines = log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
    return "\n".join(f"    {line}" for line in lines)
