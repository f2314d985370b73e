"""PostgreSQL servers: one in a folder of its own, and one as a host gives it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.databases import cursor_at
from server.embedded_postgres.cluster import Cluster, cluster_at
from server.embedded_postgres.programs import hand_over, run_program

USER = "telltale"
DATABASE = "telltale"


@contextmanager
def postgres_in(folder: Path) -> Iterator[Cluster]:
    """Run the server of a folder, which is made if need be, and stop it at the end.

    Raises:
        EmbeddedPostgresError: see `server.embedded_postgres.errors`.
    """
    cluster = cluster_at(folder)
    cluster.join()
    try:
        yield cluster
    finally:
        cluster.leave()


@contextmanager
def postgres_over_tcp(folder: Path, port: int) -> Iterator[str]:
    """As a host gives it, reached with a password.

    Create a cluster in `folder`, run it on `port`, and yield the address of an empty database.

    Raises:
        EmbeddedPostgresError: see `server.embedded_postgres.errors`.
    """
    data, password = folder / "data", secrets.token_urlsafe(24)
    data.mkdir(parents=True)
    password_file = folder / "password"
    password_file.write_text(password)
    for path in (folder, data, password_file):
        hand_over(path)
    run_program(
        "initdb",
        *("-D", str(data), "-U", USER, "--auth=scram-sha-256", f"--pwfile={password_file}"),
        *("--encoding=UTF8", "--locale=C", "-c", "listen_addresses=127.0.0.1"),
        *("-c", f"port={port}", "-c", "unix_socket_directories="),
    )
    run_program("pg_ctl", "-D", str(data), "-l", str(data / "log"), "-w", "start")
    try:
        address = f"postgresql://{USER}:{password}@127.0.0.1:{port}"
        with cursor_at(f"{address}/postgres") as cursor:
            cursor.execute(f"CREATE DATABASE {DATABASE}")
        yield f"{address}/{DATABASE}"
    finally:
        run_program("pg_ctl", "-D", str(data), "-m", "fast", "-w", "stop")
