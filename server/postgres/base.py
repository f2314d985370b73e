"""The connection of a thread."""

import select
from typing import Any

from django.db.backends.postgresql import base

from server.postgres.patience import limit_statements, require_patience


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at instead of asked whether it lives, and waits only so long."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:  # noqa: ANN401 - as Django's stubs have it
        """Connect.

        Raises:
            OperationalError: nobody is there, or the request has no patience left.
        """
        require_patience()
        connection = super().get_new_connection(conn_params)
        limit = limit_statements(connection.info.backend_pid)
        if limit is not None:
            connection.autocommit = True  # one way there and back; Django sets what it wants
            with connection.cursor() as cursor:
                cursor.execute(limit)
        return connection

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
