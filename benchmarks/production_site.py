"""The service exactly as production runs it, with a PostgreSQL of its own."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.paths import BUILD, ROOT
from server.embedded_postgres.cluster import cluster_at

HOST = "127.0.0.1"
READY_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 30  # what Render grants between SIGTERM and SIGKILL
UNLIMITED_PREDICTIONS = "1000000"  # a day and account: the quota is not what is measured


@dataclass(frozen=True)
class ProductionSite:
    """A gunicorn master with its workers."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        """The process id of the master."""
        return self.process.pid

    def answers(self, path: str, *, timeout_seconds: float = 5) -> bool:
        """Whether a GET of `path` is answered with success."""
        address = f"http://{HOST}:{self.port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=timeout_seconds):
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
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        raise TimeoutError(f"The server is not ready:\n{tail}")

    def stop(self) -> int:
        """End the server as Render does; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()


@contextmanager
def own_postgres() -> Iterator[str]:
    """Start a PostgreSQL in a temporary folder; yield the address of an empty database on it."""
    with tempfile.TemporaryDirectory(prefix="telltale-bench-") as folder:
        cluster = cluster_at(Path(folder) / "postgres")
        cluster.join()
        try:
            cluster.create_database("telltale")
            yield cluster.url("telltale")
        finally:
            cluster.leave()


def production_environment(database_url: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a deployment: what render.yaml sets, and this machine's paths."""
    of_the_machine = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **of_the_machine,
        "DJANGO_SETTINGS_MODULE": "server.settings_production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATABASE_URL": database_url,
        "ALLOWED_HOSTS": HOST,
        "WEB_CONCURRENCY": "4",
        "PREDICTIONS_PER_DAY": UNLIMITED_PREDICTIONS,
        **variables,
    }


def migrate(environment: Mapping[str, str]) -> None:
    """Bring the database to the schema of this checkout, and collect the static files."""
    manage(environment, "migrate")
    if not _are_static_files_collected():
        manage(environment, "collectstatic", "--noinput")


def manage(environment: Mapping[str, str], *command: str) -> None:
    """Run a command of `manage.py` in silence."""
    subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=dict(environment),
        check=True,
    )


def _are_static_files_collected() -> bool:
    """Whether nothing has changed since they were: compressing them takes 20 seconds."""
    collected = BUILD / "collected" / "staticfiles.json"
    if not collected.is_file():
        return False
    folders = [BUILD / "static", *(ROOT / "server").glob("*/static")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    # Those of packages change with their versions.
    sources = [ROOT / "constraints.txt", *files]
    return all(path.stat().st_mtime < collected.stat().st_mtime for path in sources)


def start(
    environment: Mapping[str, str],
    log: Path,
    *,
    port: int | None = None,
    folder: Path = ROOT,
    arguments: tuple[str, ...] = (),
) -> ProductionSite:
    """Start gunicorn as the Procfile does, in `folder`, and return at once."""
    port = port or free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "-c", "python:server.gunicorn_configuration"),
        *("--bind", f"{HOST}:{port}", *arguments, "server.wsgi:application"),
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # a last resort can end it with its workers, and nothing else
        )
    return ProductionSite(port, process, log)


@contextmanager
def running_site(database_url: str, folder: Path, **variables: str) -> Iterator[ProductionSite]:
    """Migrate, start, wait until ready, and stop the site at the end."""
    environment = production_environment(database_url, variables)
    migrate(environment)
    site = start(environment, folder / "server.log")
    try:
        site.wait_until_ready()
        yield site
    finally:
        site.stop()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(site.pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
