"""Statements that are prepared: on the connection of this thread, and what a connection has."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

# Each holds a plan in the memory of its server process; the least recently used goes first.
MAX_PREPARED = 32


def fetch_prepared(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, as `DatabaseWrapper.fetch_prepared` does."""
    from server.postgres.base import DatabaseWrapper

    connection = connections[DEFAULT_DB_ALIAS]
    assert isinstance(connection, DatabaseWrapper)  # noqa: S101 - every setting names this backend
    return connection.fetch_prepared(sql, parameters)


class PreparedStatements:
    """What one connection has prepared, by the text of the statement."""

    def __init__(self) -> None:
        """Begin with nothing, as a connection does."""
        self._names: OrderedDict[str, str] = OrderedDict()
        self._prefix = f"kept_{secrets.token_hex(4)}"
        self._number = 0

    def preparation(self, sql: str) -> list[str]:
        """Return the commands to be executed before `execution`: none where it is prepared."""
        if sql in self._names:
            self._names.move_to_end(sql)
            return []
        commands = []
        if len(self._names) == MAX_PREPARED:
            _, oldest = self._names.popitem(last=False)
            commands.append(f"DEALLOCATE {oldest}")
        self._number += 1
        name = self._names[sql] = f"{self._prefix}_{self._number}"
        text, *rest = sql.split("%s")
        for number, piece in enumerate(rest, start=1):
            text += f"${number}{piece}"
        return [*commands, f"PREPARE {name} AS {text}"]

    def execution(self, sql: str, count: int) -> str:
        """Return the command that executes a prepared statement, with `%s` for each parameter."""
        return f"EXECUTE {self._names[sql]}" + (f"({', '.join(['%s'] * count)})" if count else "")

    def forget(self, sql: str) -> None:
        """Take it that the statement is not prepared after all."""
        self._names.pop(sql, None)
