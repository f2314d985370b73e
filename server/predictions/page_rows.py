"""A page of a history as plain rows, of just the columns that are wanted.

What `History.page` reads, without a model object for each row and without composing the statement
anew for each page: PostgreSQL keeps the plan of the common ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from server.accounts.models import ApiToken, User
from server.accounts.tokens import TOKEN_COLUMNS, TOKEN_SOURCE, token_of
from server.postgres.statements import fetch
from server.predictions.cursors import decode_cursor
from server.predictions.history import SEARCHED_BY, HistoryFilter, HistoryOrder, Window
from server.predictions.models import ModelVersion, Prediction

Row = Sequence[Any]

MODEL_COLUMNS = {"model_name": "model.name", "model_version": "model.version"}
_CONDITIONS = {
    "model": "model.name = %s",
    "label": "prediction.label = %s",
    "min_confidence": "prediction.confidence >= %s",
    "max_confidence": "prediction.confidence <= %s",
    "created_after": "prediction.created_at > %s",
    "created_before": "prediction.created_at < %s",
    "is_corrected": "(prediction.correction IS NOT NULL) = %s",
    "search": "COALESCE(prediction.search_text, LOWER(prediction.label)) LIKE %s",
}
_REMEMBERED_STATEMENTS = 256


@dataclass(frozen=True)
class PageQuery:
    """A page of somebody's history, ready to be read: all that is asked but for whose it is."""

    filters: HistoryFilter
    order: HistoryOrder
    window: Window
    columns: tuple[str, ...]
    has_one_plan: bool
    _shape: "_Shape"
    _parameters: tuple[Any, ...]

    def rows_of(self, user: User) -> Sequence[Row]:
        """Return the rows of a user's page; one beyond the window tells that there are more."""
        return fetch(*self.statement_of(user))

    def statement_of(self, user: User) -> tuple[str, list[Any]]:
        """Return the statement, and its parameters, that finds a user's page."""
        return _statement(self._shape, "%s"), [user.pk, *self._parameters]

    def kept(self, rows: Sequence[Row]) -> tuple[Sequence[Row], bool]:
        """Return the rows of the window in its order, and whether it left any where it ran to."""
        kept = rows[: self.window.size]
        return kept[::-1] if self.window.from_back else kept, len(rows) > self.window.size

    def statement_with_token(self, digest: str) -> tuple[str, list[Any]]:
        """Return the statement, and its parameters, that finds a token and its owner's page."""
        return _statement_with_token(self._shape), [*self._parameters, digest]

    def found_with_token(self, found: Sequence[Row]) -> tuple[ApiToken | None, Sequence[Row]]:
        """Return the token and the rows of the page in what that statement has found."""
        if not found:
            return None, []
        at = len(self.columns)
        # A history without such rows gives one of nothing, for the token.
        return token_of(found[0][at + 1 :]), found if found[0][at] is not None else []


def page_query(
    filters: HistoryFilter, order: HistoryOrder, window: Window, columns: Sequence[str]
) -> PageQuery:
    """Return what reads a page.

    Args:
        filters: which predictions to keep.
        order: the order of the history.
        window: which part of it.
        columns: names of columns of `Prediction`, and of `MODEL_COLUMNS`.

    Raises:
        CursorInvalid: a cursor is none of this order.
    """
    filtered = filters.given
    cursors = (window.after, window.before)
    column = order.value.column
    keys = [decode_cursor(cursor, column) for cursor in cursors if cursor is not None]
    return PageQuery(
        filters,
        order,
        window,
        tuple(columns),
        _has_one_plan(order, filtered),
        _Shape(
            order,
            window.from_back,
            window.size + 1,
            (window.after is not None, window.before is not None),
            filtered,
            tuple(columns),
        ),
        (*(filters.parameter(name) for name in filtered), *(part for key in keys for part in key)),
    )


def _has_one_plan(order: HistoryOrder, filtered: tuple[str, ...]) -> bool:
    """Whether one index gives the page whatever the values are, so that its plan may be kept."""
    return not filtered or (filtered == ("label",) and order.value.column == "created_at")


@dataclass(frozen=True)
class _Shape:
    """What the text of a statement depends on; every value in it is a parameter.

    But for the limit: PostgreSQL keeps a plan only where it knows that few rows are wanted.
    """

    order: HistoryOrder
    from_back: bool
    limit: int
    cursors: tuple[bool, bool]
    filtered: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def direction(self) -> str:
        return "DESC" if self.order.value.descending != self.from_back else "ASC"

    @property
    def sort_key(self) -> str:
        column = self.order.value.column
        off_index = "search" in self.filtered and column != SEARCHED_BY  # see `History`
        return f"prediction.{column}{' + 0.0' if off_index else ''}"


@lru_cache(maxsize=_REMEMBERED_STATEMENTS)
def _statement(shape: _Shape, owner: str, *further: str) -> str:
    """Return the statement of the page of an owner."""
    column = shape.order.value.column
    operators = ("<", ">") if shape.order.value.descending else (">", "<")
    conditions = [f"prediction.user_id = {owner}"]
    conditions += [_CONDITIONS[name] for name in shape.filtered]
    conditions += [
        f"(prediction.{column}, prediction.id) {operator} (%s, %s)"
        for operator, is_given in zip(operators, shape.cursors, strict=True)
        if is_given
    ]
    names = [f"{MODEL_COLUMNS.get(name, f'prediction.{name}')} AS {name}" for name in shape.columns]
    joined = (
        f" JOIN {ModelVersion._meta.db_table} model ON model.id = prediction.model_version_id"
        if "model" in shape.filtered or not MODEL_COLUMNS.keys().isdisjoint(shape.columns)
        else ""
    )
    order = f"ORDER BY {shape.sort_key} {shape.direction}, prediction.id {shape.direction}"
    page = f"WHERE {' AND '.join(conditions)} {order} LIMIT {shape.limit}"
    table = f"{Prediction._meta.db_table} prediction"
    if "search" in shape.filtered:  # see `History.page`
        of_model = joined if "model" in shape.filtered else ""
        found = f"SELECT prediction.id FROM {table}{of_model} {page}"  # noqa: S608 - of our names
        page = f"WHERE prediction.id IN ({found}) {order}"
    return f"SELECT {', '.join([*names, *further])} FROM {table}{joined} {page}"  # noqa: S608 - as above


@lru_cache(maxsize=_REMEMBERED_STATEMENTS)
def _statement_with_token(shape: _Shape) -> str:
    """Return the statement of the page of a token's owner; the columns of the token come last."""
    key = f"prediction.{shape.order.value.column} AS key", "prediction.id AS last_key"
    page = _statement(shape, "token.user_id", *key)
    names = [f"page.{name}" for name in (*shape.columns, "last_key")]
    return (
        f"SELECT {', '.join([*names, *TOKEN_COLUMNS])} FROM {TOKEN_SOURCE}"  # noqa: S608 - as above
        f" LEFT JOIN LATERAL ({page}) page ON true WHERE token.digest = %s"
        f" ORDER BY page.key {shape.direction}, page.last_key {shape.direction}"
    )
