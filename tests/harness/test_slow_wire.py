"""The wire to PostgreSQL: nothing is lost or changed on it, and it is as long as was said."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest

from harness.slow_wire import SlowWire, slow_wire

LARGE = 3_000_000  # characters; many pieces


@pytest.fixture
def wire(postgres_url: str) -> Iterator[SlowWire]:
    with slow_wire(postgres_url) as wire:
        yield wire


def ask(connection: "psycopg2.extensions.connection", sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_what_goes_through_is_whole_and_in_order(wire: SlowWire) -> None:
    with closing(psycopg2.connect(wire.database_url)) as connection:
        for delay in (0.0, 0.01):
            wire.delay_seconds = delay
            assert ask(connection, f"SELECT repeat('é', {LARGE})") == ("é" * LARGE,)


def test_an_answer_takes_both_ways(wire: SlowWire) -> None:
    with closing(psycopg2.connect(wire.database_url)) as connection:
        connection.autocommit = True
        wire.delay_seconds = 0.1
        started = time.monotonic()
        assert ask(connection, "SELECT 1") == (1,)
        assert time.monotonic() - started >= 0.2


def test_nothing_comes_while_it_is_silent_and_all_of_it_afterwards(wire: SlowWire) -> None:
    with (
        ThreadPoolExecutor(2) as others,
        closing(psycopg2.connect(wire.database_url)) as connection,
    ):
        with wire.silence():
            asking = others.submit(ask, connection, "SELECT 1")
            connecting = others.submit(psycopg2.connect, wire.database_url)
            time.sleep(0.3)
            assert not asking.done()
            assert not connecting.done()
        assert asking.result(10) == (1,)
        connecting.result(10).close()


def test_a_cut_ends_every_connection(wire: SlowWire) -> None:
    with closing(psycopg2.connect(wire.database_url)) as connection:
        wire.cut()
        with pytest.raises(psycopg2.OperationalError):
            ask(connection, "SELECT 1")


def test_the_end_of_one_side_is_the_end_of_the_other(wire: SlowWire) -> None:
    with (
        closing(psycopg2.connect(wire.database_url)) as connection,
        pytest.raises(psycopg2.OperationalError),
    ):
        ask(connection, "SELECT pg_terminate_backend(pg_backend_pid())")
