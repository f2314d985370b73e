"""The connection of a thread."""

import select
from collections.abc import Sequence
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base

from server.postgres.prepared import PreparedStatements

NOT_THERE = "26000"  # invalid_sql_statement_name
CHANGED = "0A000"  # feature_not_supported: a migration has changed the type of a column


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at instead of asked whether it lives, and that prepares."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - as Django's stubs have it
        """Connect; nothing is prepared yet."""
        self._prepared = PreparedStatements()
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
            self._prepare(sql)
            try:
                cursor.execute(self._prepared.execution(sql, len(parameters)), parameters)
            except Error as error:
                # A pooler has another connection behind this one, or a column has another type.
                code = getattr(error.__cause__, "pgcode", None)
                if code not in {NOT_THERE, CHANGED} or self.in_atomic_block:
                    raise
                self._prepared.forget(sql)
                cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def _prepare(self, sql: str) -> None:
        """Prepare a statement where it is not, which is no query of the application's."""
        commands = self._prepared.preparation(sql)
        if not commands:
            return
        try:
            with self.wrap_database_errors, self.connection.cursor() as cursor:
                for command in commands:
                    cursor.execute(command)
        except Error:
            self._prepared.forget(sql)
            raise
