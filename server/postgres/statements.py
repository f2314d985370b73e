"""Statements that the ORM does not write."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

REMEMBERED_STATEMENTS = 256


def fetch(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement, which has `%s` for each parameter.

    Raises:
        DatabaseError: as any query.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def numbered(sql: str) -> str:
    """Return a statement of ours with `$1`, `$2` … for each `%s`, as PostgreSQL prepares it."""
    text, *rest = sql.split("%s")
    for number, piece in enumerate(rest, start=1):
        text += f"${number}{piece}"
    return text
