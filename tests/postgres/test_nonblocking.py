"""Statements for a thread that must not wait: what it is told, and that it is told always."""

import selectors
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, connections, transaction

from server.postgres import nonblocking
from server.postgres.nonblocking import MAX_WAITING, NonblockingStatements, Statement

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE_SECONDS = 10
Told = list[list[tuple[Any, ...]] | None]


class Turning:
    """Statements and the selector that turns them."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.statements = NonblockingStatements(self.selector)

    def turn(self) -> None:
        for key, _ in self.selector.select(0.05) if self.selector.get_map() else []:
            key.data(key.fileobj)

    def turn_until(self, told: Told, count: int) -> None:
        ends = time.monotonic() + DEADLINE_SECONDS
        while len(told) < count:
            assert time.monotonic() < ends, "nothing was told"
            self.turn()

    def connected(self) -> "Turning":
        told: Told = []
        ends = time.monotonic() + DEADLINE_SECONDS
        while not self.ask("SELECT 1", [], told):
            assert time.monotonic() < ends, "it does not connect"
            time.sleep(0.01)
        self.turn_until(told, 1)
        return self

    def ask(self, sql: str, parameters: list[Any], told: Told, *, keeps_plan: bool = True) -> bool:
        statement = Statement(sql, parameters, keeps_plan)
        return self.statements.ask(statement, lambda rows, _: told.append(rows))


@pytest.fixture
def turning(monkeypatch: pytest.MonkeyPatch) -> Iterator[Turning]:
    monkeypatch.setattr(nonblocking, "PAUSE_SECONDS", 0.0)
    turning = Turning()
    yield turning.connected()
    turning.statements.close()
    turning.selector.close()


def test_statements_are_told_in_their_order(turning: Turning) -> None:
    told: Told = []
    for number in range(10):
        keeps_plan = bool(number % 3)
        assert turning.ask("SELECT %s::integer + 1", [number], told, keeps_plan=keeps_plan)
    turning.turn_until(told, 10)
    assert told == [[(number + 1,)] for number in range(10)]


def test_values_are_those_that_django_reads(turning: Turning) -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
    sql = "SELECT %s::timestamptz, %s::jsonb, ARRAY['a', 'b'], NULL"
    told: Told = []
    turning.ask(sql, [moment, '{"é": 1}'], told)
    turning.turn_until(told, 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, '{"é": 1}'])
        assert told == [cursor.fetchall()]
    assert told[0] is not None
    assert told[0][0][0].tzinfo is UTC


def test_nothing_is_queued_before_there_is_a_connection() -> None:
    fresh = Turning()
    assert not fresh.ask("SELECT 1", [], [])
    fresh.connected().statements.close()


def test_more_than_so_many_are_not_queued(turning: Turning) -> None:
    told: Told = []
    assert all(turning.ask("SELECT 1", [], told) for _ in range(MAX_WAITING))
    assert not turning.ask("SELECT 1", [], told)
    turning.turn_until(told, MAX_WAITING)
    assert None not in told


@pytest.mark.parametrize("sql", ["SELECT 1 / %s::integer", "SELECT nothing FROM nowhere WHERE %s"])
def test_an_error_is_no_answer_and_neither_is_what_waits_behind_it(
    turning: Turning, sql: str
) -> None:
    told: Told = []
    turning.ask(sql, [0], told)
    turning.ask("SELECT 1", [], told)
    turning.turn_until(told, 2)
    assert told == [None, None]
    turning.connected()  # and then it goes on


def test_a_connection_that_the_server_ends_is_replaced(turning: Turning) -> None:
    told: Told = []
    turning.ask("SELECT pg_backend_pid()", [], told)
    turning.turn_until(told, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [told[0] and told[0][0][0]])
    for _ in range(5):
        turning.turn()
    assert not turning.ask("SELECT 1", [], told)
    turning.connected()


def test_one_that_is_ended_under_way_is_told(turning: Turning) -> None:
    told: Told = []
    turning.ask("SELECT pg_terminate_backend(pg_backend_pid())", [], told)
    turning.turn_until(told, 1)
    assert told == [None]


def test_one_that_takes_too_long_is_given_up(
    turning: Turning, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: Told = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
        turning.ask("SELECT count(*) FROM accounts_user", [], told)
        turning.turn()
        turning.statements.check()
        assert told == []
        monkeypatch.setattr(nonblocking, "PATIENCE_SECONDS", 0.0)
        turning.statements.check()
        assert told == [None]
    turning.connected()


def test_where_nobody_can_connect_nothing_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {"host": "127.0.0.1", "port": 1, "dbname": "none"}
    monkeypatch.setattr(type(connections["default"]), "get_connection_params", lambda _: nowhere)
    turning = Turning()
    for _ in range(5):
        assert not turning.ask("SELECT 1", [], [])
        time.sleep(0.05)


def test_a_value_that_is_none_of_postgresqls_is_no_answer(turning: Turning) -> None:
    told: Told = []
    assert turning.ask("SELECT %s", [object()], told)
    assert told == [None]
    turning.connected()
