"""What is kept with a connection: that it lives, and what it has prepared."""

import pytest
from django.db import OperationalError, connection, transaction

from server.postgres.prepared import MAX_PREPARED, fetch_prepared

ADD = "SELECT %s::int + %s::int"
IN_SESSION = "SELECT count(*) FROM pg_prepared_statements"


def prepared_on_the_server() -> int:
    with connection.cursor() as cursor:
        cursor.execute(IN_SESSION)
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def _a_new_connection(transactional_db: None) -> None:
    connection.close()


def test_a_statement_is_prepared_once() -> None:
    assert [fetch_prepared(ADD, [1, number]) for number in range(3)] == [[(1,)], [(2,)], [(3,)]]
    assert prepared_on_the_server() == 1


def test_what_was_not_used_for_the_longest_goes_first() -> None:
    fetch_prepared(ADD, [1, 1])
    for number in range(MAX_PREPARED + 5):
        assert fetch_prepared(f"SELECT {number}", []) == [(number,)]
        assert fetch_prepared(ADD, [number, 1]) == [(number + 1,)]
    assert prepared_on_the_server() == MAX_PREPARED


def test_a_statement_that_the_server_has_forgotten_is_run_all_the_same() -> None:
    fetch_prepared(ADD, [1, 1])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")  # as a pooler does between its clients
    assert fetch_prepared(ADD, [2, 3]) == [(5,)]
    assert fetch_prepared(ADD, [3, 4]) == [(7,)]
    assert prepared_on_the_server() == 1


def test_a_statement_whose_columns_have_changed_is_run_all_the_same() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept_connections (number int)")
        try:
            cursor.execute("INSERT INTO kept_connections VALUES (7)")
            assert fetch_prepared("SELECT * FROM kept_connections", []) == [(7,)]
            cursor.execute("ALTER TABLE kept_connections ALTER number TYPE text")
            assert fetch_prepared("SELECT * FROM kept_connections", []) == [("7",)]
            assert fetch_prepared("SELECT * FROM kept_connections", []) == [("7",)]
        finally:
            cursor.execute("DROP TABLE kept_connections")


def test_within_a_transaction_a_forgotten_statement_fails_like_any_query() -> None:
    fetch_prepared(ADD, [1, 1])
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(OperationalError), transaction.atomic():
        fetch_prepared(ADD, [2, 3])


def test_a_connection_that_the_server_has_ended_is_not_usable() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()
    assert not connection.is_usable()
    connection.close()
    assert fetch_prepared(ADD, [1, 1]) == [(2,)]


def test_a_connection_that_was_closed_behind_djangos_back_is_not_usable() -> None:
    connection.ensure_connection()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_a_connection_with_a_notice_to_read_is_usable() -> None:
    connection.ensure_connection()
    other = connection.copy()
    try:
        with connection.cursor() as cursor:
            cursor.execute("LISTEN kept_connections")
        with other.cursor() as cursor:
            cursor.execute("NOTIFY kept_connections")
    finally:
        other.close()
    assert connection.is_usable()
