import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import errorcodes

from harness import databases
from harness.databases import (
    TEMPLATE_PREFIX,
    create_migrated,
    cursor_at,
    database_away,
    migrated_database,
    state_of_migrations,
    temporary_database,
)
from harness.management import manage
from harness.postgres import postgres_in


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that nobody has made a template on yet."""
    with postgres_in(tmp_path_factory.mktemp("server") / "postgres") as cluster:
        yield cluster.url("postgres")


@pytest.fixture
def migrations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of what has been migrated."""
    migrated: list[str] = []

    def noted(migrate: Callable[[Mapping[str, str]], None]) -> Callable[[Mapping[str, str]], None]:
        def migrate_and_note(environment: Mapping[str, str]) -> None:
            migrated.append(environment["DATABASE_URL"])
            migrate(environment)

        return migrate_and_note

    monkeypatch.setattr(databases, "migrate", noted(databases.migrate))
    return migrated


def names(server_url: str, prefix: str) -> list[str]:
    with cursor_at(server_url) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [row[0] for row in cursor.fetchall()]


def test_processes_that_want_one_at_once_migrate_once(
    server_url: str, migrations: list[str]
) -> None:
    with ThreadPoolExecutor(3) as pool:
        for name in ("one", "two", "three"):
            pool.submit(create_migrated, server_url, name)

    assert len(migrations) == 1
    assert names(server_url, TEMPLATE_PREFIX) == [f"{TEMPLATE_PREFIX}{state_of_migrations()}"]
    assert {"one", "two", "three"} <= set(names(server_url, ""))


def test_a_migrated_database_lacks_nothing_that_migrate_would_do(server_url: str) -> None:
    with migrated_database(server_url, "migrated") as url:
        manage({**os.environ, "DATABASE_URL": url}, "migrate", "--check")

        with cursor_at(url) as cursor:
            cursor.execute("SELECT count(*) FROM auth_permission")
            assert cursor.fetchall()[0][0] > 0

    assert names(server_url, "migrated") == []


def test_what_one_writes_another_does_not_have(server_url: str) -> None:
    with migrated_database(server_url, "written") as written, cursor_at(written) as cursor:
        cursor.execute("DROP TABLE predictions_predictioncrop")
        with migrated_database(server_url, "another") as another, cursor_at(another) as other:
            other.execute("SELECT count(*) FROM predictions_predictioncrop")


def test_other_migrations_make_another_template_and_drop_the_first(
    server_url: str, migrations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    create_migrated(server_url, "before")
    now = state_of_migrations()
    monkeypatch.setattr(databases, "state_of_migrations", lambda: f"later{now}")

    create_migrated(server_url, "after")

    assert len(migrations) >= 1
    assert names(server_url, TEMPLATE_PREFIX) == [f"{TEMPLATE_PREFIX}later{now}"]


def test_a_template_that_was_left_half_made_is_made_again(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "state_of_migrations", lambda: "killed")
    with cursor_at(server_url) as cursor:
        cursor.execute(f"CREATE DATABASE {TEMPLATE_PREFIX}killed_unfinished")

    with migrated_database(server_url, "whole") as url, cursor_at(url) as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")

    assert names(server_url, TEMPLATE_PREFIX) == [f"{TEMPLATE_PREFIX}killed"]


def test_a_changed_migration_is_another_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = tmp_path / "server" / "accounts" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("operations = []")
    (tmp_path / "constraints.txt").touch()
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    before = state_of_migrations()

    migration.write_text("operations = [1]")

    assert state_of_migrations() != before


def test_nobody_gets_into_a_database_that_is_away(server_url: str) -> None:
    with temporary_database(server_url, "away") as url:
        with cursor_at(url) as inside, database_away(server_url, "away"):
            with pytest.raises(psycopg2.OperationalError):
                psycopg2.connect(url)
            with pytest.raises(psycopg2.OperationalError) as thrown_out:
                inside.execute("SELECT 1")
            assert thrown_out.value.pgcode in {None, errorcodes.ADMIN_SHUTDOWN}

        with cursor_at(url) as cursor:
            cursor.execute("SELECT 1")
