"""The connections that are asked for pages: how long is waited, and what becomes of what failed."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from harness.slow_wire import slow_wire
from server.front import page_statements
from server.front.messages import Answer
from server.front.page_statements import Statements
from server.front.pages import CONNECTIONS
from tests.support.asked_pages import Asked, body_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_failed_once_it_was_asked_is_told_and_not_tried_again(
    asked: Asked, settings: Settings
) -> None:
    asked.connected()
    settings.DATABASE_PATIENCE_SECONDS = 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE predictions_prediction IN ACCESS EXCLUSIVE MODE")
        answer = asked.ask()
    assert answer is not None
    assert answer.status == 503
    assert json.loads(answer.body)["errors"][0]["extensions"]["code"] == "BUSY"
    assert dict(answer.headers)[b"Content-Type"].startswith(b"application/json")
    asked.connected()


def test_a_connection_that_the_server_ends_is_replaced(asked: Asked) -> None:
    asked.connected()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    asked.run(asyncio.sleep(0.1))
    assert asked.ask() is None
    asked.connected()


def test_a_silent_database_is_busy_and_then_djangos(
    asked: Asked, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_PATIENCE_SECONDS = 1
    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        with wire.silence():
            answer = asked.ask()
            assert answer is not None
            assert answer.status == 503
            assert asked.ask() is None
        asked.connected()


def test_who_would_wait_for_a_connection_is_djangos(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        asked.run(at_once(asked, 2 * CONNECTIONS))  # which opens the connections
        asked.run(asyncio.sleep(0.5))
        wire.delay_seconds = 0.1
        asked.connected()
        answers = asked.run(at_once(asked, 3 * CONNECTIONS))
    # Half as many again may wait, for half as long as a statement is expected to take.
    assert CONNECTIONS <= sum(answer is not None for answer in answers) <= CONNECTIONS * 3 // 2
    wrong = [answer for answer in answers if answer is not None and answer.status != 200]
    assert wrong == []


def test_a_client_that_goes_away_leaves_its_place_to_others(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked_and_left() -> None:
        asking = asyncio.create_task(asked.pages.answer(asked.received()))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        wire.delay_seconds = 0.2
        for _ in range(3 * CONNECTIONS):
            asked.run(asked_and_left())
        wire.delay_seconds = 0.0
        asked.connected()
        assert asked.pages._pages._count <= CONNECTIONS


@pytest.mark.parametrize("is_closed_early", [True, False], ids=["closed", "silent"])
def test_a_connection_whose_session_does_not_begin_is_closed(
    is_closed_early: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: asyncio.Queue[asyncpg.Connection] = asyncio.Queue()
    connect = asyncpg.connect

    async def connected(address: str, **options: Any) -> asyncpg.Connection:  # noqa: ANN401 - as asyncpg takes them
        connection = await connect(address, **options)
        wire.delay_seconds = 60.0
        opened.put_nowait(connection)
        return connection

    async def open_one() -> bool:
        with pytest.raises(page_statements.NotAsked):
            await statements.fetch("SELECT 1", [])
        connection = await opened.get()
        await asyncio.sleep(0.1)
        assert not connection.is_closed()
        if is_closed_early:
            await statements.close()
        await asyncio.sleep(1.0)
        return connection.is_closed()

    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        monkeypatch.setattr(page_statements, "CONNECT_SECONDS", 5.0 if is_closed_early else 0.5)
        monkeypatch.setattr(asyncpg, "connect", connected)
        statements = Statements(1)
        assert asyncio.run(open_one())


def test_a_filter_is_planned_for_its_values_each_time(asked: Asked) -> None:
    asked.connected(asked.received(body_of(filter={"minConfidence": 0.1})))
    rows = asked.run(asked.pages._filters.fetch("SHOW plan_cache_mode", []))
    assert rows[0][0] == "force_custom_plan"
    asked.connected()
    assert asked.run(asked.pages._pages.fetch("SHOW plan_cache_mode", []))[0][0] == "auto"


def test_a_statement_whose_columns_a_migration_has_changed_is_answered(asked: Asked) -> None:
    asked.connected()

    def rows() -> list[Any]:
        found = asked.run(asked.pages._pages.fetch("SELECT * FROM changed", []))
        return [tuple(row) for row in found]

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE changed (number int)")
        try:
            cursor.execute("INSERT INTO changed VALUES (7)")
            assert [rows(), rows()] == [[(7,)], [(7,)]]
            cursor.execute("ALTER TABLE changed ALTER number TYPE text")
            assert [rows(), rows()] == [[("7",)], [("7",)]]
        finally:
            cursor.execute("DROP TABLE changed")


def test_statements_nobody_waits_for_end(asked: Asked) -> None:
    asked.connected()
    assert asked.run(asked.pages._pages.fetch("SHOW statement_timeout", []))[0][0] == "10s"


def test_an_option_that_asyncpg_does_not_know_leaves_pages_to_django(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    parameters = connection.get_connection_params() | {"channel_binding": "require"}
    monkeypatch.setattr(page_statements, "_connection_parameters", lambda: parameters)
    asked.django()
    for _ in range(5):
        assert asked.ask() is None
        asked.run(asyncio.sleep(0.02))
    assert "channel_binding" in caplog.text


def test_nobody_is_asked_where_nobody_is(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(1))
    statements = Statements(1)
    for _ in range(5):
        with pytest.raises(page_statements.NotAsked):
            asked.run(statements.fetch("SELECT 1", []))
        asked.run(asyncio.sleep(0.02))


async def at_once(asked: Asked, count: int) -> list[Answer | None]:
    return await asyncio.gather(*(asked.pages.answer(asked.received()) for _ in range(count)))


def url_of_the_database() -> str:
    parameters = connections["default"].get_connection_params()
    host = parameters["host"]
    where = (
        f"@/{parameters['dbname']}?host={host}"
        if host.startswith("/")
        else (f"@{host}:{parameters['port']}/{parameters['dbname']}")
    )
    return f"postgresql://{parameters['user']}{where}"


def at(port: int) -> dict[str, Any]:
    parameters = connections["default"].get_connection_params()
    return parameters | {"host": "127.0.0.1", "port": port}
