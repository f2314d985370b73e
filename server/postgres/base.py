"""The connection of a thread."""

import secrets
import select
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base

# Each holds a plan in the memory of its server process; the least recently used goes first.
MAX_PREPARED = 32
NOT_THERE = "26000"  # invalid_sql_statement_name
CHANGED = "0A000"  # feature_not_supported: a migration has changed the type of a column


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at instead of asked whether it lives, and that prepares."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - as Django's stubs have it
        """Connect; nothing is prepared yet."""
        self._prepared: OrderedDict[str, str] = OrderedDict()
        self._prefix = f"kept_{secrets.token_hex(4)}"
        self._number = 0
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether a kept connection still works.

        To an idle client the server says something only when it ends the connection. So one with
        nothing to be read is well, and is spared the query that Django sends before the first one
        of every request.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or bool(super().is_usable())

    def fetch_prepared(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that is parsed, and as a rule planned, once a connection.

        Args:
            sql: with `%s` for each parameter, and no other `%`.
            parameters: the values.

        Raises:
            DatabaseError: as any query.
        """
        with self.cursor() as cursor:
            name = self._prepared.get(sql) or self._prepare(sql)
            values = f"({', '.join(['%s'] * len(parameters))})" if parameters else ""
            try:
                cursor.execute(f"EXECUTE {name}{values}", parameters)
            except Error as error:
                # A pooler has another connection behind this one, or a column has another type.
                code = getattr(error.__cause__, "pgcode", None)
                if code not in {NOT_THERE, CHANGED} or self.in_atomic_block:
                    raise
                del self._prepared[sql]
                cursor.execute(sql, parameters)
            else:
                self._prepared.move_to_end(sql)
            return list(cursor.fetchall())

    def _prepare(self, sql: str) -> str:
        """Prepare a statement, which is no query of the application's."""
        self._number += 1
        name = f"{self._prefix}_{self._number}"
        text, *rest = sql.split("%s")
        for number, piece in enumerate(rest, start=1):
            text += f"${number}{piece}"
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            if len(self._prepared) == MAX_PREPARED:
                _, oldest = self._prepared.popitem(last=False)
                cursor.execute(f"DEALLOCATE {oldest}")
            cursor.execute(f"PREPARE {name} AS {text}")
        self._prepared[sql] = name
        return name
