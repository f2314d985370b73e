"""Lists of what is taught, as Relay connections: the latest first, or the least agreed with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model as DjangoModel
from django.db.models import Q, QuerySet

from server.api.context import LEAST_ROWS_OF_A_LOOK, RowBudget
from server.api.errors import BadUserInput
from server.predictions.cursors import decode_cursor, encode_cursor
from server.predictions.errors import CursorInvalid
from server.predictions.history import Window

Row = TypeVar("Row", bound=DjangoModel)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """Rows of a person's own in an order; the key decides among those that agree alike."""

    rows: QuerySet[Row]
    by_agreement: bool = False

    def page(self, window: Window) -> tuple[Sequence[Row], bool]:
        """Return the rows of a window, and whether it left any on the side it ran towards.

        Raises:
            BadUserInput: a cursor is none of this list.
        """
        rows = self.rows
        if window.after is not None:
            rows = rows.filter(self._side_of(window.after, backwards=False))
        if window.before is not None:
            rows = rows.filter(self._side_of(window.before, backwards=True))
        ordered = rows.order_by(*(("agreement", "pk") if self.by_agreement else ("-pk",)))
        found = list((ordered.reverse() if window.from_back else ordered)[: window.size + 1])
        kept = found[: window.size]
        return kept[::-1] if window.from_back else kept, len(found) > window.size

    def cursor(self, row: Any) -> str:  # noqa: ANN401 - a row, with the column of its order
        """Return the place of a row."""
        return encode_cursor(row.agreement if self.by_agreement else row.created_at, row.pk)

    def has_rows(self, cursor: str, *, backwards: bool) -> bool:
        """Return whether there are rows at a place or beyond it, towards the front if backwards."""
        return self.rows.exclude(self._side_of(cursor, backwards=not backwards)).exists()

    def _side_of(self, cursor: str, *, backwards: bool) -> Q:
        """Return the condition that a row comes after a place, or before it if backwards."""
        try:
            # An agreement is a probability, as a confidence is.
            column = "confidence" if self.by_agreement else "created_at"
            value, key = decode_cursor(cursor, column)
        except CursorInvalid as error:
            raise BadUserInput("The cursor was not handed out by a list in this order.") from error
        if not self.by_agreement:
            return Q(pk__gt=key) if backwards else Q(pk__lt=key)
        if backwards:
            return Q(agreement__lt=value) | Q(agreement=value, pk__lt=key)
        return Q(agreement__gt=value) | Q(agreement=value, pk__gt=key)


@dataclass(frozen=True)
class Ends:
    """Where a page lies in its list; what is beyond it is looked up when asked for."""

    start_cursor: str | None
    end_cursor: str | None
    next_exists: Callable[[], bool]
    previous_exists: Callable[[], bool]

    @property
    def has_next_page(self) -> bool:
        """Return whether there is anything after the page."""
        return self.next_exists()

    @property
    def has_previous_page(self) -> bool:
        """Return whether there is anything before the page."""
        return self.previous_exists()


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """A page of a listing."""

    listing: Listing[Row]
    rows: Sequence[Row]
    page_info: Any  # told as `PageInfo`

    def edges(self, edge: Callable[..., Any]) -> list[Any]:
        """Return an edge for each row."""
        return [edge(cursor=self.listing.cursor(row), node=row) for row in self.rows]


def list_page(listing: Listing[Row], window: Window, budget: RowBudget) -> ListPage[Row]:
    """Return a page of a listing; what lies on the other side is looked up when asked for.

    Raises:
        BadUserInput: a cursor is none of this list.
        CostLimitExceeded: the request has asked for much already.
    """
    budget.spend(max(window.size, LEAST_ROWS_OF_A_LOOK))
    kept, has_more = listing.page(window)

    def is_beyond(cursor: str | None, *, backwards: bool) -> bool:
        if cursor is None:
            return False
        budget.spend(LEAST_ROWS_OF_A_LOOK)
        return listing.has_rows(cursor, backwards=backwards)

    page_info = Ends(
        start_cursor=listing.cursor(kept[0]) if kept else None,
        end_cursor=listing.cursor(kept[-1]) if kept else None,
        next_exists=lambda: (
            is_beyond(window.before, backwards=False) if window.from_back else has_more
        ),
        previous_exists=lambda: (
            has_more if window.from_back else is_beyond(window.after, backwards=True)
        ),
    )
    return ListPage(listing, kept, page_info)
