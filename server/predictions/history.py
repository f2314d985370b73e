"""A user's history, a keyset page at a time.

A page begins where its cursor says, in an index that has the order of the page, so page 10,000
costs what page 1 costs, and rows that come or go elsewhere shift nothing. Ordering by the id alone
would tempt PostgreSQL to walk the primary key through the rows of everybody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression, Expression, OrderBy
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleGreaterThanOrEqual,
    TupleLessThan,
    TupleLessThanOrEqual,
)
from django.db.models.functions import Coalesce, Lower

from server.accounts.models import User
from server.predictions.cursors import decode_cursor, encode_cursor
from server.predictions.given_texts import search_pattern
from server.predictions.models import Prediction

Row = TypeVar("Row")

# What a page reads; neither the embedding nor the crop is ever among it.
COLUMNS = (
    "id",
    "created_at",
    "label",
    "confidence",
    "scores",
    "image_width",
    "image_height",
    "image_format",
    "image_bytes",
    "image_sha256",
    "duration_ms",
    "file_name",
    "correction",
    "corrected_at",
    "model_version__name",
    "model_version__version",
)

# The filters that an index of an order answers by itself: it holds no row that does not pass.
_ANSWERED_BY_INDEX = {
    "created_at": {"label", "created_after", "created_before"},
    "confidence": {"min_confidence", "max_confidence"},
}

# By whether the row's key is the smaller one, and whether it may be equal.
COMPARISONS = {
    (True, False): TupleLessThan,
    (True, True): TupleLessThanOrEqual,
    (False, False): TupleGreaterThan,
    (False, True): TupleGreaterThanOrEqual,
}


SEARCHED_BY = "created_at"  # the order of the index that holds what a search reads
# An earlier version wrote labels in ASCII alone, and nothing for a search.
_SEARCHED = Coalesce(F("search_text"), Lower("label"))


class _Contains(Func):
    """Whether a text is like a pattern; Django's own lookups would look at its case once more."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()


@dataclass(frozen=True)
class SortKey:
    """The column of an order, and whether larger values come first; the id decides among equals."""

    column: str
    descending: bool

    @property
    def columns(self) -> tuple[str, str]:
        """Return the columns that tell any two rows apart."""
        return self.column, "id"


class HistoryOrder(Enum):
    """The orders a history can be read in."""

    NEWEST = SortKey("created_at", descending=True)
    OLDEST = SortKey("created_at", descending=False)
    MOST_CONFIDENT = SortKey("confidence", descending=True)
    LEAST_CONFIDENT = SortKey("confidence", descending=False)

    def cursor(self, prediction: Prediction) -> str:
        """Return the cursor of a row in this order."""
        return encode_cursor(getattr(prediction, self.value.column), prediction.pk)


_LOOKUPS = {
    "model": "model_version__name",
    "label": "label",
    "min_confidence": "confidence__gte",
    "max_confidence": "confidence__lte",
    "created_after": "created_at__gt",
    "created_before": "created_at__lt",
}


@dataclass(frozen=True)
class HistoryFilter:
    """Which predictions to keep; what is None keeps all. Bounds of confidence are inclusive."""

    model: str | None = None
    label: str | None = None
    min_confidence: float | None = None
    max_confidence: float | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    is_corrected: bool | None = None
    search: str | None = None  # a part of the label, the correction or the file name, in any case

    @cached_property
    def given(self) -> tuple[str, ...]:
        """Return the names of what has to be met."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) is not None)

    def looks_through(self, order: HistoryOrder) -> bool:
        """Whether a page may have to be looked for among rows that do not pass."""
        return not _ANSWERED_BY_INDEX[order.value.column].issuperset(self.given)

    def parameter(self, name: str) -> object:
        """Return what a statement is given for what has to be met."""
        value = getattr(self, name)
        return search_pattern(value) if name == "search" else value

    def condition(self) -> Q:
        """Return the filter as a condition on predictions."""
        condition = Q()
        for name in self.given:
            if name == "is_corrected":
                condition &= Q(correction__isnull=not self.is_corrected)
            elif name == "search":
                condition &= Q(_Contains(_SEARCHED, Value(self.parameter(name))))
            else:
                condition &= Q((_LOOKUPS[name], Value(self.parameter(name))))
        return condition


@dataclass(frozen=True)
class Window:
    """Which part of a history: `size` rows from the front, or from the back, between cursors."""

    size: int
    from_back: bool = False
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Page:
    """Rows in the order asked for, and whether the window left any on the side it ran towards."""

    rows: Sequence[Prediction]
    has_more: bool


@dataclass(frozen=True)
class History:
    """The predictions of one user that pass a filter, in an order."""

    user: User
    filters: HistoryFilter
    order: HistoryOrder

    def page(self, window: Window) -> Page:
        """Return a page, in one query.

        Raises:
            CursorInvalid: a cursor is none of this order.
        """
        rows = self.rows(window).select_related("model_version").only(*COLUMNS)
        return Page(*kept(list(rows), window))

    def rows(self, window: Window) -> QuerySet[Prediction]:
        """Return what reads a page: in the order it is looked for, and one row beyond the window.

        Raises:
            CursorInvalid: as above.
        """
        rows = self._all()
        if window.after is not None:
            rows = rows.filter(self._compared(window.after, backwards=False))
        if window.before is not None:
            rows = rows.filter(self._compared(window.before, backwards=True))
        size = window.size + 1  # one more tells whether there are more
        rows = rows.order_by(*self._sort(backwards=window.from_back))
        if self.filters.search is not None:  # the index alone says which they are
            found = rows.values_list("pk", flat=True)[:size]
            return Prediction.objects.filter(pk__in=found).order_by(*rows.query.order_by)
        return rows[:size]

    def has_rows_up_to(self, cursor: str) -> bool:
        """Return whether there are rows before the cursor, or at it."""
        return self._has_rows(cursor, backwards=True)

    def has_rows_from(self, cursor: str) -> bool:
        """Return whether there are rows at the cursor, or after it."""
        return self._has_rows(cursor, backwards=False)

    def count(self) -> int:
        """Return how many predictions there are."""
        return self._all().count()

    def cursor(self, prediction: Prediction) -> str:
        """Return the cursor of a row."""
        return self.order.cursor(prediction)

    def key(self, cursor: str) -> tuple[object, object]:
        """Return what a cursor of this order holds.

        Raises:
            CursorInvalid: it is none.
        """
        return decode_cursor(cursor, self.order.value.column)

    def owner(self) -> object:
        """Return the key of the user."""
        return self.user.pk

    def _all(self) -> QuerySet[Prediction]:
        owner: Any = self.owner()
        return Prediction.objects.filter(self.filters.condition(), user_id=owner)

    def _has_rows(self, cursor: str, *, backwards: bool) -> bool:
        rows = self._all().filter(self._compared(cursor, backwards=backwards, inclusive=True))
        # Not `exists()`, which drops the order: PostgreSQL would then look for any such row from
        # the start of the table, where the order lets it begin in the index.
        nearest = rows.order_by(*self._sort(backwards=backwards)).values_list("pk", flat=True)
        return nearest.first() is not None

    def _sort(self, *, backwards: bool) -> list[OrderBy]:
        """Return what puts rows into the order, or into its reverse if `backwards`."""
        descending = self.order.value.descending != backwards
        column: F | CombinedExpression = F(self.order.value.column)
        if self.filters.search is not None and self.order.value.column != SEARCHED_BY:
            # No index has this. The one that has the order holds no texts: for each of its entries
            # PostgreSQL would fetch a row to look at.
            column = column + Value(0.0)
        return [key.desc() if descending else key.asc() for key in (column, F("id"))]

    def _compared(self, cursor: str, *, backwards: bool, inclusive: bool = False) -> Expression:
        """Return the condition that a row comes after the cursor, or before it if `backwards`."""
        sort_key = self.order.value
        comparison = COMPARISONS[sort_key.descending != backwards, inclusive]
        columns = Tuple(*(F(column) for column in sort_key.columns))
        return comparison(columns, self.key(cursor))


def kept(rows: Sequence[Row], window: Window) -> tuple[Sequence[Row], bool]:
    """Return the rows of a window in its order, and whether it left any where it ran to."""
    within = rows[: window.size]
    return within[::-1] if window.from_back else within, len(rows) > window.size


def find_prediction(user: User, prediction_id: int) -> Prediction | None:
    """Return a prediction of the user by id; None where the user has no such prediction."""
    return find_predictions(user, [prediction_id]).get(prediction_id)


def find_predictions(user: User, prediction_ids: Collection[int]) -> dict[int, Prediction]:
    """Return those predictions of the user that there are, by their ids, in one query."""
    rows = Prediction.objects.filter(user=user, pk__in=prediction_ids)
    return rows.select_related("model_version").only(*COLUMNS).in_bulk()
