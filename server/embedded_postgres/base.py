"""Django's PostgreSQL backend on the embedded server."""

from pathlib import Path
from typing import Any

from django.db.utils import OperationalError

from server.embedded_postgres.cluster import PORT, SUPERUSER, cluster_at
from server.embedded_postgres.errors import EmbeddedPostgresError
from server.postgres import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts or joins the server when the first connection is wanted, and creates the database.

    `OPTIONS["data_directory"]` says where it lives.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters of the running server.

        Raises:
            OperationalError: it cannot be started; the cause says why.
        """
        parameters: dict[str, Any] = super().get_connection_params()
        cluster = cluster_at(Path(parameters.pop("data_directory")))
        try:
            cluster.join()
            cluster.create_database(parameters["dbname"])
        except EmbeddedPostgresError as error:
            raise OperationalError(str(error)) from error
        return parameters | {
            "host": str(cluster.socket_directory),
            "port": PORT,
            "user": SUPERUSER,
        }
