"""One data directory and its PostgreSQL server: start or join it, leave it, stop it as the last."""

import atexit
import contextlib
import hashlib
import os
import shutil
import threading
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import psycopg2
from psycopg2 import errorcodes, sql

from server.embedded_postgres.errors import DirectoryUnusable, ProgramFailed
from server.embedded_postgres.holds import Hold, exclusive
from server.embedded_postgres.programs import (
    POSTGRES_MAJOR_VERSION,
    hand_over,
    run_program,
    server_account,
)

SUPERUSER = "postgres"
PORT = 5432  # names the socket only; no network address is listened on
MAX_SOCKET_DIRECTORY_BYTES = (
    85  # sun_path holds 104 bytes on macOS, 108 on Linux, the name takes 15
)
START_TIMEOUT_SECONDS = 60
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": ".",  # inside the data directory, which only its owner may enter
    "port": str(PORT),
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@cache
def cluster_at(data_directory: Path) -> "Cluster":
    """The one `Cluster` of this process for `data_directory` (an absolute path)."""
    return Cluster(data_directory)


class Cluster:
    """A data directory with at most one server, used by any number of processes."""

    def __init__(self, data_directory: Path) -> None:
        self.data_directory = data_directory.resolve()
        self._start_lock = self.data_directory.with_name(f"{data_directory.name}.lock")
        self._hold = Hold(self.data_directory.with_name(f"{data_directory.name}.users"))
        self._within_process = threading.Lock()
        self._owner_pid: int | None = None

    def join(self) -> None:
        """Make sure the server runs, and keep it running while this process lives or until `leave`.

        Raises:
            EmbeddedPostgresError: see `errors`.
        """
        with self._within_process:
            if self._owner_pid == os.getpid():
                return
            try:
                self._join()
            except PermissionError as error:
                reason = f"this account may not use {error.filename}"
                raise DirectoryUnusable(self.data_directory, reason) from error
            self._owner_pid = os.getpid()
            atexit.register(self.leave)

    def leave(self) -> None:
        """Stop using the server; whoever leaves last stops it."""
        with self._within_process:
            if self._owner_pid != os.getpid():  # never joined, or a fork of the process that did
                return
            self._owner_pid = None
            atexit.unregister(self.leave)
            with exclusive(self._start_lock):
                if self._hold.give_up():
                    # Failing to stop must not hide why the process ends; the next start joins it.
                    with contextlib.suppress(ProgramFailed):
                        run_program("pg_ctl", "-D", str(self.data_directory), "-m", "fast", "stop")
                    if self.socket_directory != self.data_directory:
                        self.socket_directory.unlink()

    def create_database(self, name: str) -> None:
        """Create the database `name` unless it exists. Call `join` first."""
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is not None:
                    return
                try:
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                except psycopg2.Error as error:
                    # Another process came first.
                    if error.pgcode not in {
                        errorcodes.DUPLICATE_DATABASE,
                        errorcodes.UNIQUE_VIOLATION,
                    }:
                        raise

    def url(self, database: str) -> str:
        """The address of `database` in the form of `DATABASE_URL`."""
        query = urlencode({"host": str(self.socket_directory)})
        return f"postgresql://{SUPERUSER}@/{quote(database)}?{query}"

    @property
    def socket_directory(self) -> Path:
        """The folder of the server's socket, by a path short enough for a socket address."""
        if len(os.fsencode(self.data_directory)) <= MAX_SOCKET_DIRECTORY_BYTES:
            return self.data_directory
        digest = hashlib.sha256(os.fsencode(self.data_directory)).hexdigest()[:16]
        # The system's own /tmp: TMPDIR may be long itself and differ from process to process.
        link = Path("/tmp", f"telltale-{digest}")  # noqa: S108 - the target is checked below
        with contextlib.suppress(FileExistsError):
            link.symlink_to(self.data_directory, target_is_directory=True)
        if not link.is_symlink() or link.readlink() != self.data_directory:
            raise DirectoryUnusable(self.data_directory, f"{link}, its short name, is taken")
        return link

    def _join(self) -> None:
        self._start_lock.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(self._start_lock):
            if not self._accepts_connections():
                self._initialise()
                self._start()
            # A forked child opens a hold of its own: the inherited one is its parent's.
            self._hold = Hold(self._hold.path)
            self._hold.take()

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.socket_directory), port=PORT, user=SUPERUSER, dbname="postgres"
        )

    def _accepts_connections(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        """Create the data directory unless it is there, whole or not at all."""
        version_file = self.data_directory / "PG_VERSION"
        try:
            version = version_file.read_text().strip()
        except FileNotFoundError:
            version = None
        if version is None:
            self._create_data_directory()
        elif version != str(POSTGRES_MAJOR_VERSION):
            raise DirectoryUnusable(self.data_directory, f"PostgreSQL {version} made it")
        elif self.data_directory.stat().st_uid != server_account().pw_uid:
            raise DirectoryUnusable(self.data_directory, "another account owns it")

    def _create_data_directory(self) -> None:
        if self.data_directory.exists() and any(self.data_directory.iterdir()):
            raise DirectoryUnusable(self.data_directory, "it holds something else than a database")
        # A killed initdb leaves half a cluster, so it works aside and is renamed when it is done.
        unfinished = self.data_directory.with_name(f"{self.data_directory.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        hand_over(unfinished)
        settings = [part for item in SERVER_SETTINGS.items() for part in ("-c", "=".join(item))]
        run_program(
            "initdb",
            *("-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
            # PostgreSQL's own collation: the same order on every system, whatever it has installed.
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *settings,
        )
        unfinished.replace(self.data_directory)

    def _start(self) -> None:
        """Start the server, or wait for one that is just starting, recovering or stopping."""
        hand_over(self.data_directory)
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while not self._accepts_connections():
            self._discard_stale_pid_file()
            try:
                run_program(
                    "pg_ctl",
                    *("-D", str(self.data_directory), "-l", str(self.data_directory / "log")),
                    *("-w", "-t", str(START_TIMEOUT_SECONDS), "start"),
                )
            except ProgramFailed as error:
                # After a kill its old backends may live a moment longer and keep the memory.
                if time.monotonic() > deadline:
                    raise ProgramFailed(error.program, self._log_tail() or error.output) from error
                time.sleep(0.5)

    def _discard_stale_pid_file(self) -> None:
        """Remove the pid file if its number belongs to another program by now.

        PostgreSQL believes any live process of its account, and containers soon reuse a number.
        """
        pid_file = self.data_directory / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split(maxsplit=1)[0])
            is_ours = psutil.Process(pid).cwd() == str(self.data_directory)
        except psutil.NoSuchProcess:
            is_ours = False
        except (FileNotFoundError, IndexError, ValueError, psutil.AccessDenied):
            return  # nothing to judge; PostgreSQL decides
        if not is_ours:
            pid_file.unlink(missing_ok=True)

    def _log_tail(self) -> str:
        try:
            return "\n".join((self.data_directory / "log").read_text().splitlines()[-15:])
        except OSError:
            return ""
