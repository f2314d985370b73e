"""A PostgreSQL of the suite's own, that can be stopped and looked into."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.databases import cursor_at
from harness.postgres import postgres_in
from server.embedded_postgres.cluster import Cluster
from server.embedded_postgres.programs import run_program

DATABASE = "telltale"


class Database:
    """A cluster with one database, whose server comes and goes."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._data = str(cluster.data_directory)

    @property
    def url(self) -> str:
        """The address of the database."""
        return self._cluster.url(DATABASE)

    def another(self, name: str) -> str:
        """Create an empty database beside it and return its address."""
        self._cluster.create_database(name)
        return self._cluster.url(name)

    def stop(self) -> None:
        """Stop the server as a crash does: nothing is finished, nothing is said goodbye to."""
        run_program("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Start the server and wait until it has recovered."""
        run_program("pg_ctl", "-D", self._data, "-l", f"{self._data}/log", "-w", "start")

    def cut_connections(self) -> int:
        """End every session of the service and return how many there were."""
        (ended,) = self.rows(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(ended[0])

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a statement selects."""
        with cursor_at(self.url) as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


@contextmanager
def own_database(folder: Path) -> Iterator[Database]:
    """Start a cluster in `folder`, and stop it in the end."""
    with postgres_in(folder / "postgres") as cluster:
        cluster.create_database(DATABASE)
        yield Database(cluster)
