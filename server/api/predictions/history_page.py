"""A page of a history, as its connection tells it: what is asked for is looked for then."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from server.api.context import (
    LEAST_ROWS_OF_A_LOOK,
    ROWS_OF_A_COUNT,
    ROWS_OF_A_SEARCH,
    Context,
)
from server.api.errors import BadUserInput
from server.predictions import history
from server.predictions.errors import CursorInvalid
from server.predictions.history import History, Window
from server.predictions.pages import cursor_in, with_keys


def history_page(whole: History, window: Window, context: Context) -> "HistoryPage":
    """Return a page of a history.

    Raises:
        BadUserInput: a cursor is none of this order.
        CostLimitExceeded: the request has asked for much already.
    """
    context.row_budget.spend(cost_of_page(whole.filters, whole.order, window))
    try:
        for cursor in (window.after, window.before):
            if cursor is not None:
                whole.key(cursor)
    except CursorInvalid as error:
        raise BadUserInput("The cursor was not handed out by a history in this order.") from error
    return HistoryPage(whole, window, context)


@dataclass(frozen=True)
class HistoryPage:
    """A page of a history. Its rows, and what lies around them, are looked for when asked for."""

    whole: History
    window: Window
    context: Context
    columns: tuple[str, ...] | None = None  # None: its rows are objects

    def reading(self, columns: tuple[str, ...]) -> "HistoryPage":
        """Return the page with plain rows that begin with these columns."""
        return HistoryPage(self.whole, self.window, self.context, columns)

    @property
    def edges(self) -> list["Edge"]:
        """Return the rows with their places."""
        return [Edge(self, row) for row in self._found[0]]

    @property
    def nodes(self) -> list[Any]:
        """Return the rows."""
        return list(self._found[0])

    @property
    def page_info(self) -> "HistoryPage":
        """Return what is told of the page itself."""
        return self

    @property
    def total_count(self) -> int:
        """Return how many predictions there are on all pages.

        Raises:
            CostLimitExceeded: to count them would be too much.
        """
        self.context.row_budget.spend(cost_of_count(self.whole.filters, self.whole.order))
        return self.context.reads.count(self.whole)

    @property
    def start_cursor(self) -> str | None:
        """Return the cursor of the first row."""
        return self.cursor(self._found[0][0]) if self._found[0] else None

    @property
    def end_cursor(self) -> str | None:
        """Return the cursor of the last row."""
        return self.cursor(self._found[0][-1]) if self._found[0] else None

    @property
    def has_next_page(self) -> bool:
        """Return whether there is anything after the page.

        Raises:
            CostLimitExceeded: to look would be too much.
        """
        if not self.window.from_back:
            return self._found[1]
        return self._is_beyond(self.window.before, backwards=False)

    @property
    def has_previous_page(self) -> bool:
        """Return whether there is anything before the page.

        Raises:
            CostLimitExceeded: as above.
        """
        if self.window.from_back:
            return self._found[1]
        return self._is_beyond(self.window.after, backwards=True)

    def cursor(self, row: Any) -> str:  # noqa: ANN401 - an object, or a plain row
        """Return the cursor of a row."""
        if self.columns is None:
            return self.whole.cursor(row)
        return cursor_in(self.columns, self.whole.order)(row)

    @cached_property
    def _found(self) -> tuple[Sequence[Any], bool]:
        """The rows, and whether there are more where the page ran to."""
        if self.columns is None:
            page = self.whole.page(self.window)
            self.context.pages.append(tuple(row.pk for row in page.rows))
            return page.rows, page.has_more
        rows, has_more = self.context.reads.rows(self.whole, self.window, self.columns)
        place = with_keys(self.columns, self.whole.order).index("id")
        self.context.pages.append(tuple(row[place] for row in rows))
        return rows, has_more

    def _is_beyond(self, cursor: str | None, *, backwards: bool) -> bool:
        """Return whether there is anything beyond the end that the page began from."""
        if cursor is None:
            return False
        self.context.row_budget.spend(cost_of_neighbour(self.whole.filters, self.whole.order))
        return self.context.reads.is_beyond(self.whole, cursor, backwards=backwards)


class Edge(NamedTuple):
    """A row of a page; its place is told when it is asked for."""

    page: HistoryPage
    node: Any

    @property
    def cursor(self) -> str:
        """Return the cursor of the row."""
        return self.page.cursor(self.node)


def cost_of_page(
    filters: history.HistoryFilter, order: history.HistoryOrder, window: Window
) -> int:
    """Return what a page is reckoned as, in rows."""
    return max(window.size, LEAST_ROWS_OF_A_LOOK) + _cost_of_search(filters, order)


def cost_of_neighbour(filters: history.HistoryFilter, order: history.HistoryOrder) -> int:
    """Return what it is reckoned as to look for a row beyond the page's own end."""
    return LEAST_ROWS_OF_A_LOOK + _cost_of_search(filters, order)


def cost_of_count(filters: history.HistoryFilter, order: history.HistoryOrder) -> int:
    """Return what counting what passes a filter is reckoned as."""
    return ROWS_OF_A_COUNT + _cost_of_search(filters, order)


def _cost_of_search(filters: history.HistoryFilter, order: history.HistoryOrder) -> int:
    return ROWS_OF_A_SEARCH if filters.looks_through(order) else 0
