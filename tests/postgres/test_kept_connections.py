"""Whether a kept connection lives."""

import pytest
from django.db import connection

from server.postgres.statements import fetch


@pytest.fixture(autouse=True)
def _a_new_connection(transactional_db: None) -> None:
    connection.close()


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
    assert fetch("SELECT %s::int + 1", [1]) == [(2,)]


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
