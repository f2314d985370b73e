"""A database that does not answer for a while, though its server runs."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2


@contextmanager
def database_away(server_url: str, name: str) -> Iterator[None]:
    """Let nobody into a database, and throw out who is in."""
    with closing(psycopg2.connect(server_url)) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            yield
        finally:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
