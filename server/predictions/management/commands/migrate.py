"""`manage.py migrate` that only one process at a time does to a database."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# Any number that nothing else of ours locks.
ADVISORY_LOCK = 7_355_608
PAUSE_SECONDS = 0.2


class Command(migrate.Command):
    """Django's own, but where two servers start at once, the second waits and finds it done.

    The two would create the same tables, and the later one would fail.
    """

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """Migrate, alone."""
        with _alone(options["database"]):
            super().handle(*args, **options)


@contextmanager
def _alone(database: str) -> Iterator[None]:
    """Hold a lock of the session: PostgreSQL frees it with the connection, however that ends.

    It is asked for again and again, each time anew: a statement that waited for it would be waited
    for by `CREATE INDEX CONCURRENTLY` of the one that holds it.
    """
    while not _is_free(database):
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        with connections[database].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _is_free(database: str) -> bool:
    with connections[database].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])
