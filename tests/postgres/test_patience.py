"""How long is waited for PostgreSQL: slow, silent, away, full or locked, the end comes in time."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connections

from harness.slow_wire import slow_wire
from server import environment
from server.postgres import patience
from server.postgres.base import DatabaseWrapper
from server.postgres.patience import limit_waits, longer_waits, wait_without_limit

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 1.0
# Of a test that waits for nothing: far below what libpq or the kernel would wait.
SOON_SECONDS = 8.0


@pytest.fixture
def patient() -> Iterator[None]:
    limit_waits(PATIENCE_SECONDS)
    yield
    wait_without_limit()


@pytest.fixture
def wrapper(postgres_url: str, patient: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own, by an address."""
    with closing(wrapper_of(postgres_url)) as wrapper:
        yield wrapper


def wrapper_of(url: str, user: str | None = None) -> DatabaseWrapper:
    parameters = psycopg2.extensions.parse_dsn(url)
    settings = {
        **connections["default"].settings_dict,
        "NAME": parameters["dbname"],
        "USER": user or parameters["user"],
        "HOST": parameters["host"],
        "PORT": parameters.get("port", ""),
        "OPTIONS": environment.CONNECTION_OPTIONS,
    }
    return DatabaseWrapper(settings, alias="patience")


def ask(wrapper: DatabaseWrapper, sql: str) -> list[tuple[object, ...]]:
    with wrapper.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_a_statement_that_takes_too_long_is_ended_by_the_server(wrapper: DatabaseWrapper) -> None:
    assert ask(wrapper, "SHOW statement_timeout") == [("1s",)]
    with pytest.raises(OperationalError):
        ask(wrapper, "SELECT pg_sleep(60)")


def test_a_silent_database_is_not_waited_for(postgres_url: str, patient: None) -> None:
    started = time.monotonic()
    with slow_wire(postgres_url) as wire, closing(wrapper_of(wire.database_url)) as wrapper:
        assert ask(wrapper, "SELECT 1") == [(1,)]
        with wire.silence():
            with pytest.raises(OperationalError):
                ask(wrapper, "SELECT 1")
            wrapper.close_if_unusable_or_obsolete()
            with pytest.raises(OperationalError):  # nor when one connects
                ask(wrapper, "SELECT 1")
        assert ask(wrapper, "SELECT 1") == [(1,)]
    assert time.monotonic() - started < SOON_SECONDS


def test_all_statements_of_a_request_have_one_patience(wrapper: DatabaseWrapper) -> None:
    request_started.send(sender=object)
    try:
        ask(wrapper, "SELECT pg_sleep(0.6)")
        with pytest.raises(OperationalError):
            ask(wrapper, "SELECT pg_sleep(0.6)")
        started = time.monotonic()
        for _ in range(50):
            wrapper.close_if_unusable_or_obsolete()
            with pytest.raises(OperationalError, match="long enough"):
                ask(wrapper, "SELECT pg_sleep(0.6)")
        assert time.monotonic() - started < PATIENCE_SECONDS
    finally:
        request_finished.send(sender=object)
    wrapper.close_if_unusable_or_obsolete()
    assert ask(wrapper, "SELECT 1") == [(1,)]


def test_what_a_thread_waits_is_no_other_threads(wrapper: DatabaseWrapper) -> None:
    request_started.send(sender=object)
    try:
        with pytest.raises(OperationalError):
            ask(wrapper, "SELECT pg_sleep(60)")
        left: list[float | None] = []
        thread = threading.Thread(target=lambda: left.append(patience._waits.left()))
        thread.start()
        thread.join()
        assert left == [PATIENCE_SECONDS]
        assert patience._waits.left() == 0
    finally:
        request_finished.send(sender=object)


def test_what_has_to_be_done_may_take_longer(wrapper: DatabaseWrapper) -> None:
    with longer_waits():
        assert patience._waits.left() == patience.LONG_SECONDS
    assert patience._waits.left() == PATIENCE_SECONDS
    request_started.send(sender=object)
    try:
        with longer_waits():
            for _ in range(3):
                ask(wrapper, "SELECT pg_sleep(0.5)")
    finally:
        request_finished.send(sender=object)


def test_a_lock_that_is_not_given_is_not_waited_for(
    wrapper: DatabaseWrapper, postgres_url: str
) -> None:
    with closing(psycopg2.connect(postgres_url)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4711)")
        with pytest.raises(OperationalError):
            ask(wrapper, "SELECT pg_advisory_lock(4711)")


def test_a_database_that_is_full_says_so_at_once(postgres_url: str, patient: None) -> None:
    with closing(psycopg2.connect(postgres_url)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute("CREATE ROLE telltale_guest LOGIN CONNECTION LIMIT 0")
        try:
            with (
                closing(wrapper_of(postgres_url, user="telltale_guest")) as wrapper,
                pytest.raises(OperationalError, match="too many connections"),
            ):
                ask(wrapper, "SELECT 1")
        finally:
            cursor.execute("DROP ROLE telltale_guest")


def test_what_may_take_longer_leaves_no_limit_behind_and_takes_none_away() -> None:
    with longer_waits():
        assert patience._waits.left() is None
    limit_waits(PATIENCE_SECONDS)
    assert patience._waits.left() == PATIENCE_SECONDS
    wait_without_limit()


def test_a_command_waits_as_long_as_it_takes(postgres_url: str) -> None:
    with closing(wrapper_of(postgres_url)) as wrapper:
        assert ask(wrapper, "SHOW statement_timeout") == [("0",)]
