"""The site as it runs in production: gunicorn, its own database, a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).parents[2]
START_TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class LiveSite:
    """A server that runs."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5):  # noqa: S310 - loopback
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"The server did not become ready:\n{self.log.read_text()}")


@contextmanager
def running_site(
    database_url: str, log: Path, *, workers: int = 1, variables: Mapping[str, str] | None = None
) -> Iterator[LiveSite]:
    """Migrate the database, start gunicorn on a free port, and stop it at the end."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "WEB_CONCURRENCY": str(workers),
        "DJANGO_SETTINGS_MODULE": "server.settings",
        "REGISTRATIONS_PER_HOUR": "100000",  # everybody comes from one address here
        **(variables or {}),
    }
    manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(manage, check=True, cwd=ROOT, env=environment)
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "python:server.gunicorn_configuration"),
        *("--bind", f"127.0.0.1:{port}", "server.wsgi:application"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    site = LiveSite(f"http://127.0.0.1:{port}", database_url, process, log)
    try:
        site.wait_until_ready()
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def temporary_database(server_url: str, name: str) -> Iterator[str]:
    """Create a database on the server of `server_url`, yield its address, and drop it."""
    with _autocommit(server_url) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with _autocommit(server_url) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _autocommit(url: str) -> "Iterator[psycopg2.extensions.cursor]":
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
