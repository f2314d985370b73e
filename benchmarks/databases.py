"""Databases to measure on: empty, or with histories, filled once and kept: it takes a minute."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg2 import sql

from benchmarks.seed import DEEP_USER
from harness.databases import cursor_at, drop_database
from harness.environment import production_environment
from harness.management import prepare
from harness.postgres import postgres_in
from scripts.paths import BUILD, ROOT
from server.embedded_postgres.cluster import Cluster

CLUSTER = BUILD / "benchmarks" / "postgres"
ROWS_EACH = 1000
MANY_USERS = 1000  # with so many there is one more, who has the deep history
DEEP_ROWS = 200_100  # page 10,000 of 20 rows, and some more
# What a machine of this size is given; durability stays as it is.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "max_connections": "200",
}


@dataclass(frozen=True)
class HistoryDatabase:
    """A filled database and the secrets of tokens of some of its users."""

    url: str
    rows: int
    tokens: tuple[str, ...]
    deep_token: str


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL in `folder`; yield the address of a database a site can be started on."""
    with postgres_in(folder) as cluster:
        yield fresh_database(cluster, "telltale")


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Start PostgreSQL with `SETTINGS`, and stop it at the end."""
    with postgres_in(CLUSTER) as cluster:
        if not _has_settings(cluster):
            _set(cluster)
            cluster.leave()
            cluster.join()
        yield cluster


def history_database(cluster: Cluster, users: int) -> HistoryDatabase:
    """Return a database of so many users with a thousand rows each, filled if it has to be."""
    deep_rows = DEEP_ROWS if users == MANY_USERS else 0
    rows = users * ROWS_EACH
    name = f"history_{rows}"
    state = _fingerprint(users, deep_rows)
    if _comment(cluster, name) != state:
        drop_database(cluster.url("postgres"), name)
        print(f"  filling a database with {rows + deep_rows:,} rows ...", flush=True)
    cluster.create_database(name)
    environment = production_environment(cluster.url(name), {})
    prepare(environment)
    seeded = subprocess.run(
        [sys.executable, "-m", "benchmarks.seed", str(users), str(ROWS_EACH), str(deep_rows)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with cursor_at(cluster.url("postgres")) as cursor:
        cursor.execute(comment.format(sql.Identifier(name), sql.Literal(state)))
    tokens: dict[str, str] = json.loads(seeded.stdout)
    deep_token = tokens.pop(DEEP_USER)
    return HistoryDatabase(cluster.url(name), rows, tuple(tokens.values()), deep_token)


def fresh_database(cluster: Cluster, name: str) -> str:
    """Return the address of a database with our schema and nothing in it."""
    drop_database(cluster.url("postgres"), name)
    cluster.create_database(name)
    prepare(production_environment(cluster.url(name), {}))
    return cluster.url(name)


def count_predictions(url: str) -> int:
    """Return how many predictions are stored."""
    with cursor_at(url) as cursor:
        cursor.execute("SELECT count(*) FROM predictions_prediction")
        return int(cursor.fetchall()[0][0])


def deep_place(database: HistoryDatabase, rows_before: int) -> tuple[datetime, int]:
    """Return the sort key of the last of so many rows, the newest first, of the deep history."""
    query = """
        SELECT prediction.created_at, prediction.id FROM predictions_prediction AS prediction
        JOIN accounts_user AS owner ON owner.id = prediction.user_id WHERE owner.email = %s
        ORDER BY prediction.created_at DESC, prediction.id DESC OFFSET %s LIMIT 1"""
    with cursor_at(database.url) as cursor:
        cursor.execute(query, [DEEP_USER, rows_before - 1])
        created_at, identifier = cursor.fetchall()[0]
    return created_at, identifier


def _has_settings(cluster: Cluster) -> bool:
    with cursor_at(cluster.url("postgres")) as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone() != (value,):
                return False
    return True


def _set(cluster: Cluster) -> None:
    statement = sql.SQL("ALTER SYSTEM SET {} = {}")
    with cursor_at(cluster.url("postgres")) as cursor:
        for name, value in SETTINGS.items():
            cursor.execute(statement.format(sql.Identifier(name), sql.Literal(value)))


def _comment(cluster: Cluster, name: str) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with cursor_at(cluster.url("postgres")) as cursor:
        cursor.execute(query, [name])
        row = cursor.fetchone()
    return None if row is None else row[0]


def _fingerprint(users: int, deep_rows: int) -> str:
    """Return what the content depends on: the schema, how it is filled, and with how much."""
    digest = hashlib.sha256(f"{users} {ROWS_EACH} {deep_rows}".encode())
    migrations = sorted((ROOT / "server").glob("*/migrations/*.py"))
    for path in (*migrations, Path(__file__).with_name("seed.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
