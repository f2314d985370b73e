"""The site on gunicorn, as the Procfile starts it: on any settings, at a port of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from harness.environment import EnvironmentOf, development_environment
from harness.ports import HOST, free_port
from scripts.paths import ROOT

READY_TIMEOUT_SECONDS = 60
WORKERS_TIMEOUT_SECONDS = 10
STOP_TIMEOUT_SECONDS = 30  # what Render grants between SIGTERM and SIGKILL
LOG_TAIL_LINES = 20


@dataclass(frozen=True)
class LiveSite:
    """A gunicorn master with its workers."""

    port: int
    database_url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def url(self) -> str:
        """Its address, without TLS and without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the master."""
        return self.process.pid

    def answers(self, path: str, *, timeout_seconds: float = 5) -> bool:
        """Whether a GET of `path` is answered with success."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=timeout_seconds):  # noqa: S310 - loopback
                return True
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self, timeout_seconds: float = READY_TIMEOUT_SECONDS) -> float:
        """Return the seconds until a worker had its model and the database.

        Raises:
            TimeoutError: it has ended, or was not ready in time.
        """
        started = time.monotonic()
        while time.monotonic() - started < timeout_seconds and self.process.poll() is None:
            if self.answers("/health/ready"):
                return time.monotonic() - started
            time.sleep(0.05)
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
        raise TimeoutError(f"The server is not ready:\n{tail}")

    def workers(self, count: int) -> list[psutil.Process]:
        """Return the workers, once so many are there: one answers while another is to come.

        Raises:
            TimeoutError: there are fewer, or more.
        """
        deadline = time.monotonic() + WORKERS_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            workers = psutil.Process(self.pid).children()
            if len(workers) == count:
                return workers
            time.sleep(0.05)
        raise TimeoutError(f"There are {len(workers)} workers, and not {count}.")

    def stop(self) -> int:
        """End the server as Render does; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_TIMEOUT_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # whatever is left of it, workers included
        return self.process.wait()


def start(
    environment: Mapping[str, str],
    log: Path,
    *,
    port: int | None = None,
    folder: Path = ROOT,
) -> LiveSite:
    """Start gunicorn as the Procfile does, in `folder`, and return at once."""
    port = port or free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "python:server.gunicorn_configuration"),
        *("--bind", f"{HOST}:{port}", "server.asgi:application"),
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a last resort can end it with its workers, and nothing else
        )
    return LiveSite(port, environment["DATABASE_URL"], process, log)


@contextmanager
def running_site(
    database_url: str,
    log: Path,
    *,
    workers: int = 1,
    variables: Mapping[str, str] | None = None,
    environment_of: EnvironmentOf = development_environment,
) -> Iterator[LiveSite]:
    """Start the site on a migrated database, wait until all are there, and stop it at the end."""
    chosen = {"WEB_CONCURRENCY": str(workers), **(variables or {})}
    site = start(environment_of(database_url, chosen), log)
    try:
        site.wait_until_ready()
        site.workers(workers)
        yield site
    finally:
        site.stop()
