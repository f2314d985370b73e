"""A real PgBouncer in transaction mode, installed where it is missing as the browser is."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from psycopg2.extensions import parse_dsn

INSTALL_SECONDS = 300
START_SECONDS = 15
NOBODY = "nobody"


def find_pgbouncer() -> str | None:
    """The program; the distribution's is installed where there is none and one may."""
    if found := shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"):
        return found
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", "pgbouncer"]):
        try:
            subprocess.run(
                [*as_root, "apt-get", *command],
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
                timeout=INSTALL_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def pooler(program: str, database_url: str, folder: Path) -> Iterator[str]:
    """Run it before a database, with two connections for everybody; yield the address behind it."""
    parameters = parse_dsn(database_url)
    port = _free_port()
    users = folder / "users.txt"
    users.write_text(f'"{parameters["user"]}" "{parameters.get("password", "")}"\n')
    target = " ".join(
        f"{name}={parameters[name]}"
        for name in ("host", "port", "dbname", "user", "password")
        if name in parameters
    )
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"""[databases]
        {parameters["dbname"]} = {target}
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = {port}
        unix_socket_dir =
        auth_type = trust
        auth_file = {users}
        pool_mode = transaction
        default_pool_size = 2
        max_client_conn = 100
        logfile = {folder / "pgbouncer.log"}
        """.replace("\n        ", "\n")
    )
    command = [program, str(configuration)]
    if os.geteuid() == 0:  # which it refuses to run as
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, NOBODY)
        for above in folder.parents[:3]:
            above.chmod(above.stat().st_mode | 0o011)
        command += ["--user", NOBODY]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"postgresql://{parameters['user']}@127.0.0.1:{port}/{parameters['dbname']}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < ends:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("PgBouncer does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
