"""Statements that are prepared, on the connection of this thread."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from server.postgres.base import DatabaseWrapper


def fetch_prepared(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, as `DatabaseWrapper.fetch_prepared` does."""
    connection = connections[DEFAULT_DB_ALIAS]
    assert isinstance(connection, DatabaseWrapper)  # noqa: S101 - every setting names this backend
    return connection.fetch_prepared(sql, parameters)
