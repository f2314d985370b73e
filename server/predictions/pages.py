"""A page of a history as plain rows, of just the columns that are wanted.

What `History.page` reads, without a model object for each row and without composing the statement
anew for each page: the ORM composes it once for its shape, with stand-ins where values go, and
PostgreSQL keeps the plan of the common ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.db.models import JSONField, Value
from django.db.models.expressions import RawSQL

from server.accounts.models import ApiToken, User
from server.accounts.tokens import TOKEN_COLUMNS, TOKEN_SOURCE, token_of
from server.postgres.statements import fetch
from server.predictions.cursors import encode_cursor
from server.predictions.history import History, HistoryFilter, HistoryOrder, Window, kept
from server.predictions.models import Prediction

Row = Sequence[Any]

REMEMBERED_STATEMENTS = 256
USER = "user"  # the parameter that says whose page it is


@dataclass(frozen=True)
class PageQuery:
    """A page of somebody's history, ready to be read: all that is asked but for whose it is."""

    whole: History
    window: Window
    columns: tuple[str, ...]  # those that are wanted, and what the cursors are made of
    _shape: "_Shape"
    _values: Mapping[str, object]

    @property
    def has_one_plan(self) -> bool:
        """Whether one index gives the page whatever the values are: its plan may be kept."""
        given, column = self.whole.filters.given, self.whole.order.value.column
        return not given or (given == ("label",) and column == "created_at")

    def is_of(self, whole: History, window: Window, columns: tuple[str, ...]) -> bool:
        """Whether this is the page that is asked for, whosever it is."""
        return (
            self.window == window
            and self.whole.filters == whole.filters
            and self.whole.order is whole.order
            and self.columns == with_keys(columns, whole.order)
        )

    def rows_of(self, user: User) -> Sequence[Row]:
        """Return the rows of a user's page; one beyond the window tells that there are more."""
        return fetch(*self.statement_of(user))

    def statement_of(self, user: User) -> tuple[str, list[Any]]:
        """Return the statement, and its parameters, that finds a user's page."""
        return _filled(_statement(self._shape), {**self._values, USER: user.pk})

    def kept(self, rows: Sequence[Row]) -> tuple[Sequence[Row], bool]:
        """Return the rows of the window in its order, and whether it left any where it ran to."""
        within, has_more = kept(rows, self.window)
        places = _json_places(self.columns)
        return [_with_json(row, places) for row in within] if places else within, has_more

    def statement_with_token(self, digest: str) -> tuple[str, list[Any]]:
        """Return the statement, and its parameters, that finds a token and its owner's page."""
        sql, parameters = _filled(_statement_with_token(self._shape), self._values)
        return sql, [*parameters, digest]

    def found_with_token(self, found: Sequence[Row]) -> tuple[ApiToken | None, Sequence[Row]]:
        """Return the token and the rows of the page in what that statement has found."""
        at = len(self.columns)
        first = next((row for row in found if row[at] is not None), None)  # wherever it was put
        if first is None:
            return None, []
        # A history without such rows gives one of nothing, for the token.
        is_empty = found[0][self.columns.index("id")] is None
        return token_of(first[at:]), [] if is_empty else found


class PageReader:
    """What pages, and what is told around them, are read by."""

    def rows(
        self, whole: History, window: Window, columns: tuple[str, ...]
    ) -> tuple[Sequence[Row], bool]:
        """Return the rows of a page, and whether it left any where it ran to."""
        page = page_query(whole, window, columns)
        return page.kept(page.rows_of(whole.user))

    def count(self, whole: History) -> int:
        """Return how many predictions pass the filter."""
        return whole.count()

    def is_beyond(self, whole: History, cursor: str, *, backwards: bool) -> bool:
        """Return whether there are rows at the cursor or after it; or before it if `backwards`."""
        return (whole.has_rows_up_to if backwards else whole.has_rows_from)(cursor)


def page_query(whole: History, window: Window, columns: tuple[str, ...]) -> PageQuery:
    """Return what reads a page.

    Args:
        whole: the history; of its user nothing is asked.
        window: which part of it.
        columns: paths to columns of predictions, as Django has them.

    Raises:
        CursorInvalid: a cursor is none of this order.
    """
    all_columns = with_keys(columns, whole.order)
    values = {name: whole.filters.parameter(name) for name in whole.filters.given}
    for name, cursor in (("after", window.after), ("before", window.before)):
        if cursor is not None:
            values[f"{name} value"], values[f"{name} id"] = whole.key(cursor)
    shape = _Shape(
        whole.order,
        window.from_back,
        window.size,
        (window.after is not None, window.before is not None),
        whole.filters.given,
        whole.filters.is_corrected,
        all_columns,
    )
    return PageQuery(whole, window, all_columns, shape, values)


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def with_keys(columns: tuple[str, ...], order: HistoryOrder) -> tuple[str, ...]:
    """Return the columns, and those after them that a cursor is made of."""
    return columns + tuple(name for name in order.value.columns if name not in columns)


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def cursor_in(columns: tuple[str, ...], order: HistoryOrder) -> Callable[[Row], str]:
    """Return what makes the cursor of a row of a page with such columns."""
    value, key = (with_keys(columns, order).index(name) for name in order.value.columns)
    return lambda row: encode_cursor(row[value], row[key])


@dataclass(frozen=True)
class _StandIn:
    """Where a value goes."""

    name: str


@dataclass(frozen=True)
class _FilterOfStandIns(HistoryFilter):
    def parameter(self, name: str) -> object:
        return _StandIn(name)


@dataclass(frozen=True)
class _HistoryOfStandIns(History):
    is_of_token: bool = False

    def owner(self) -> object:
        return RawSQL("token.user_id", ()) if self.is_of_token else Value(_StandIn(USER))

    def key(self, cursor: str) -> tuple[object, object]:
        return Value(_StandIn(f"{cursor} value")), Value(_StandIn(f"{cursor} id"))


@dataclass(frozen=True)
class _Shape:
    """What the text of a statement depends on; every value in it is a parameter.

    But for the limit: PostgreSQL keeps a plan only where it knows that few rows are wanted.
    """

    order: HistoryOrder
    from_back: bool
    size: int
    cursors: tuple[bool, bool]
    filtered: tuple[str, ...]
    is_corrected: bool | None
    columns: tuple[str, ...]

    def composed(self, *, is_of_token: bool) -> "_Statement":
        """Return the statement of a page, as the ORM composes it."""
        given: dict[str, Any] = dict.fromkeys(self.filtered, True)
        given["is_corrected"] = self.is_corrected
        whole = _HistoryOfStandIns(User(), _FilterOfStandIns(**given), self.order, is_of_token)
        after, before = self.cursors
        window = Window(
            self.size, self.from_back, "after" if after else None, "before" if before else None
        )
        rows = whole.rows(window).values_list(*self.columns)
        sql, parameters = rows.query.sql_with_params()
        return sql, tuple(parameters)


_Statement = tuple[str, tuple[object, ...]]  # with `%s` for each parameter; some are stand-ins


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def _statement(shape: _Shape) -> _Statement:
    """Return the statement of the page of a user."""
    return shape.composed(is_of_token=False)


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def _statement_with_token(shape: _Shape) -> _Statement:
    """Return the statement of the page of a token's owner.

    The columns of the token come last, in one of the rows.
    """
    page, parameters = shape.composed(is_of_token=True)
    names = [f"c{place}" for place in range(len(shape.columns))]
    direction = "DESC" if shape.order.value.descending != shape.from_back else "ASC"
    keys = [f"page.c{shape.columns.index(name)} {direction}" for name in shape.order.value.columns]
    # Once is enough: a driver would read its columns with every row.
    token = [f"CASE WHEN row_number() OVER () = 1 THEN {name} END" for name in TOKEN_COLUMNS]
    sql = (
        f"SELECT {', '.join([*(f'page.{name}' for name in names), *token])}"  # noqa: S608 - of our names
        f" FROM {TOKEN_SOURCE} LEFT JOIN LATERAL ({page}) page({', '.join(names)}) ON true"
        f" WHERE token.digest = %s ORDER BY {', '.join(keys)}"
    )
    return sql, parameters


def _filled(statement: _Statement, values: Mapping[str, object]) -> tuple[str, list[Any]]:
    sql, parameters = statement
    return sql, [values[each.name] if type(each) is _StandIn else each for each in parameters]


def _with_json(row: Row, places: tuple[int, ...]) -> Row:
    columns = list(row)
    for place in places:
        columns[place] = orjson.loads(columns[place])
    return columns


@lru_cache(maxsize=REMEMBERED_STATEMENTS)
def _json_places(columns: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of columns that drivers leave as the text of JSON."""
    found = []
    for place, path in enumerate(columns):
        model: Any = Prediction
        for name in path.split("__"):
            field = model._meta.get_field(name)
            model = field.related_model
        if isinstance(field, JSONField):
            found.append(place)
    return tuple(found)
