"""`.venv/bin/python -m scripts.serve`: database, migrations and gunicorn until Ctrl-C."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.commands import CommandFailed, run_quietly
from scripts.environment import search_path
from scripts.locks import claim, note, noted
from scripts.paths import DATABASE, ENVIRONMENT, ROOT
from scripts.port import HOST, PortUnusable, usable_port

LOCK = "serve"
READY_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 30  # what a platform grants between SIGTERM and SIGKILL


def main() -> int:
    """Serve until stopped; 0 after Ctrl-C, 1 after a sentence that says what is in the way."""
    parser = argparse.ArgumentParser(description="Serve this checkout of Telltale.")
    parser.add_argument("--check-only", action="store_true", help="only tell whether it could")
    check_only = parser.parse_args().check_only
    lock = claim(LOCK)
    if lock is None:
        print(f"Telltale already runs from this folder {noted(LOCK)}. Stop that one first.")
        return 1
    with lock:
        note(lock, "(just starting)")
        try:
            port = usable_port(os.environ.get("PORT") or "8000")
        except PortUnusable as reason:
            print(reason)
            return 1
        if check_only:
            return 0
        # SIGTERM and a closed terminal stop everything in order too, as Ctrl-C does.
        for stop_signal in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop_signal, signal.default_int_handler)
        os.environ["PATH"] = search_path(ENVIRONMENT)
        try:
            with _database(), _gunicorn(port, lock.fileno()) as gunicorn:
                note(lock, f"at http://{HOST}:{port} (`kill {gunicorn.pid}` stops it)")
                return _attend(gunicorn, port)
        except CommandFailed as failure:
            print(f"\n{failure.log_tail()}\n\n{failure.name} failed; the lines above say why.")
            return 1
        except KeyboardInterrupt:
            print("Telltale has stopped. Your data is kept; `make run` brings it back.")
            return 0


@contextmanager
def _database() -> Iterator[None]:
    """Hold the embedded PostgreSQL, unless DATABASE_URL names a server, and migrate."""
    with contextlib.ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            # Imported late: --check-only runs before anything is installed.
            from server.embedded_postgres.cluster import cluster_at

            cluster = cluster_at(DATABASE)
            stack.callback(cluster.leave)
            cluster.join()
            cluster.create_database("telltale")
            # Handed on as an address: this process holds the server, and no worker that ends may
            # take it along.
            os.environ["DATABASE_URL"] = cluster.url("telltale")
        run_quietly("Migrations", [[sys.executable, ROOT / "manage.py", "migrate", "--noinput"]])
        yield


@contextmanager
def _gunicorn(port: int, lock: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run gunicorn as in production; afterwards let it finish its requests, within limits."""
    gunicorn = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "-c", "python:server.gunicorn_configuration"),
            *("--bind", f"{HOST}:{port}", "server.asgi:application"),
        ],
        cwd=ROOT,
        env={"WEB_CONCURRENCY": "2"} | os.environ,
        stdin=subprocess.DEVNULL,
        process_group=0,  # Ctrl-C reaches this process alone, which stops things in order
        pass_fds=[lock],  # the folder stays claimed for as long as gunicorn lives
    )
    try:
        yield gunicorn
    finally:
        # A second Ctrl-C must not leave gunicorn or PostgreSQL behind.
        for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop_signal, signal.SIG_IGN)
        if gunicorn.poll() is None:
            print("\nStopping ...", flush=True)
            gunicorn.terminate()
            try:
                gunicorn.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(gunicorn.pid, signal.SIGKILL)
                gunicorn.wait()


def _attend(gunicorn: "subprocess.Popen[bytes]", port: int) -> int:
    """Announce when the server is ready, and wait for its end."""
    address = f"http://{HOST}:{port}"
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while gunicorn.poll() is None and not _is_ready(address):
        if time.monotonic() > deadline:
            print(f"The server is not ready after {READY_TIMEOUT_SECONDS} s; see the lines above.")
            return 1
        time.sleep(0.2)
    if gunicorn.poll() is None:
        print(f"\nTelltale is up: open {address} (playground: {address}/graphql).")
        print("Ctrl-C stops it.\n", flush=True)
    exit_code = gunicorn.wait()
    print(f"The server has ended by itself (exit code {exit_code}); the lines above say why.")
    return 1


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5):  # noqa: S310 - our own
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


if __name__ == "__main__":
    sys.exit(main())
