"""A page of a history as plain rows, of just the columns that are wanted.

What `History.page` reads, without a model object for each row and without composing the statement
anew for each page: PostgreSQL keeps the plan of the common ones.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from server.postgres.prepared import fetch_prepared
from server.predictions.cursors import decode_cursor
from server.predictions.history import History, HistoryOrder, Window
from server.predictions.models import ModelVersion, Prediction

Row = tuple[Any, ...]

MODEL_COLUMNS = {"model_name": "model.name", "model_version": "model.version"}
# In the order of `_values`.
_CONDITIONS = {
    "model": "model.name = %s",
    "label": "prediction.label = %s",
    "min_confidence": "prediction.confidence >= %s",
    "max_confidence": "prediction.confidence <= %s",
    "created_after": "prediction.created_at > %s",
    "created_before": "prediction.created_at < %s",
}
_REMEMBERED_STATEMENTS = 256


def page_rows(whole: History, window: Window, columns: Sequence[str]) -> tuple[list[Row], bool]:
    """Return the rows of a page, and whether the window left any on the side it ran towards.

    Args:
        whole: the history.
        window: which part of it.
        columns: names of columns of `Prediction`, and of `MODEL_COLUMNS`.

    Raises:
        CursorInvalid: a cursor is none of this order.
    """
    conditions = [(name, getattr(whole.filters, name)) for name in _CONDITIONS]
    conditions = [(name, value) for name, value in conditions if value is not None]
    filtered = tuple(name for name, _ in conditions)
    cursors = (window.after, window.before)
    sql = _statement(
        whole.order,
        window.from_back,
        tuple(cursor is not None for cursor in cursors),
        filtered,
        tuple(columns),
    )
    column = whole.order.value.column
    keys = [decode_cursor(cursor, column) for cursor in cursors if cursor is not None]
    parameters = [whole.user.pk, *(value for _, value in conditions)]
    parameters += [part for key in keys for part in key]
    parameters.append(window.size + 1)  # one more tells whether there are more
    rows = (fetch_prepared if _has_one_plan(whole.order, filtered) else _fetch)(sql, parameters)
    kept = rows[: window.size]
    return kept[::-1] if window.from_back else kept, len(rows) > window.size


def _has_one_plan(order: HistoryOrder, filtered: tuple[str, ...]) -> bool:
    """Whether one index gives the page whatever the values are, so that its plan may be kept."""
    return not filtered or (filtered == ("label",) and order.value.column == "created_at")


def _fetch(sql: str, parameters: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@lru_cache(maxsize=_REMEMBERED_STATEMENTS)
def _statement(
    order: HistoryOrder,
    from_back: bool,  # noqa: FBT001 - with the others it is the key of what is remembered
    cursors: tuple[bool, ...],
    filtered: tuple[str, ...],
    columns: tuple[str, ...],
) -> str:
    """Return the statement of a page; every value in it is a parameter."""
    descending = order.value.descending
    key = f"(prediction.{order.value.column}, prediction.id)"
    operators = ("<", ">") if descending else (">", "<")
    conditions = ["prediction.user_id = %s", *(_CONDITIONS[name] for name in filtered)]
    conditions += [
        f"{key} {operator} (%s, %s)"
        for operator, is_given in zip(operators, cursors, strict=True)
        if is_given
    ]
    direction = "DESC" if descending != from_back else "ASC"
    names = [MODEL_COLUMNS.get(name, f"prediction.{name}") for name in columns]
    joined = (
        f" JOIN {ModelVersion._meta.db_table} model ON model.id = prediction.model_version_id"
        if "model" in filtered or not MODEL_COLUMNS.keys().isdisjoint(columns)
        else ""
    )
    return (
        f"SELECT {', '.join(names)} FROM {Prediction._meta.db_table} prediction{joined}"  # noqa: S608 - of our names
        f" WHERE {' AND '.join(conditions)}"
        f" ORDER BY prediction.{order.value.column} {direction}, prediction.id {direction}"
        " LIMIT %s"
    )
