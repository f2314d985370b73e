"""History as a Relay connection."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import strawberry

from server.accounts.models import User
from server.api.arguments import bounded, in_utc, probability, short
from server.api.context import (
    LEAST_ROWS_OF_A_LOOK,
    ROWS_OF_A_COUNT,
    ROWS_OF_A_SEARCH,
    Context,
    Info,
    RowBudget,
)
from server.api.errors import BadUserInput
from server.api.predictions.types import Prediction
from server.predictions import history
from server.predictions.errors import CursorInvalid
from server.predictions.given_texts import folded
from server.predictions.history import History, Window
from server.predictions.models import Prediction as PredictionRow

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_FILTER_CHARACTERS = 200  # no model or label has as many


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    """Relay's page information. The neighbours are looked for only when they are asked for."""

    start_cursor: str | None = strawberry.field(
        description="The cursor of the first edge: `before` it lies the previous page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last edge: `after` it lies the next page."
    )
    next_exists: strawberry.Private[Callable[[], bool]]
    previous_exists: strawberry.Private[Callable[[], bool]]

    @strawberry.field(description="Whether there is anything after this page.")
    def has_next_page(self) -> bool:
        """Return whether a next page exists."""
        return self.next_exists()

    @strawberry.field(description="Whether there is anything before this page.")
    def has_previous_page(self) -> bool:
        """Return whether a previous page exists."""
        return self.previous_exists()


@strawberry.type(description="A prediction and its place in the history.")
class PredictionEdge:
    """An edge of the history."""

    cursor: str = strawberry.field(
        description="The place of this prediction in this order; for `after` and `before`."
    )
    node: PredictionRow = strawberry.field(graphql_type=Prediction, description="The prediction.")


@strawberry.type(description="A page of a history.")
class PredictionConnection:
    """A Relay connection over predictions."""

    edges: list[PredictionEdge] = strawberry.field(description="The predictions of the page.")
    page_info: PageInfo = strawberry.field(description="How to go on from here.")
    whole: strawberry.Private[History]

    @strawberry.field(
        graphql_type=list[Prediction],
        description="The same predictions, for who has no use for the cursor of each.",
    )
    def nodes(self) -> list[PredictionRow]:
        """Return the predictions of the page."""
        return [edge.node for edge in self.edges]

    @strawberry.field(
        description=(
            "How many predictions pass the filter, on all pages. Counted only when asked for."
        )
    )
    def total_count(self, info: Info) -> int:
        """Return the number of predictions behind all pages."""
        info.context.row_budget.spend(cost_of_count(self.whole.filters, self.whole.order))
        return self.whole.count()


@strawberry.input(
    name="HistoryFilter",
    description="Which predictions to keep: those that meet every condition given.",
)
class HistoryFilterInput:
    """The filter of a history."""

    model: str | None = strawberry.field(
        default=None, description="Only predictions of the model with this name."
    )
    label: str | None = strawberry.field(
        default=None, description="Only predictions whose `label` is exactly this one."
    )
    min_confidence: float | None = strawberry.field(
        default=None, description="Only predictions with at least this `confidence`, from 0 to 1."
    )
    max_confidence: float | None = strawberry.field(
        default=None, description="Only predictions with at most this `confidence`, from 0 to 1."
    )
    created_after: datetime | None = strawberry.field(
        default=None,
        description="Only predictions made after this moment; UTC where no zone is given.",
    )
    created_before: datetime | None = strawberry.field(
        default=None,
        description="Only predictions made before this moment; UTC where no zone is given.",
    )

    is_corrected: bool | None = strawberry.field(
        default=None, description="Only predictions that were corrected, or only others."
    )
    search: str | None = strawberry.field(
        default=None,
        description=(
            "Only predictions that have this text, in any case, somewhere in their label, their "
            "correction or the name of their file. An empty text keeps all."
        ),
    )

    def as_filter(self) -> history.HistoryFilter:
        """Return the filter for the service.

        Raises:
            BadUserInput: a confidence is outside 0 to 1, or a text too long.
        """
        return history.HistoryFilter(
            model=short("model", self.model, maximum=MAX_FILTER_CHARACTERS),
            label=short("label", self.label, maximum=MAX_FILTER_CHARACTERS),
            min_confidence=probability("minConfidence", self.min_confidence),
            max_confidence=probability("maxConfidence", self.max_confidence),
            created_after=in_utc(self.created_after),
            created_before=in_utc(self.created_before),
            is_corrected=self.is_corrected,
            search=folded(short("search", self.search, maximum=MAX_FILTER_CHARACTERS) or "")
            or None,
        )


@strawberry.enum(description="The orders a history can be read in.")
class HistoryOrder(Enum):
    """The orders; each member is named like the service's."""

    NEWEST = strawberry.enum_value("NEWEST", description="The latest prediction first.")
    OLDEST = strawberry.enum_value("OLDEST", description="The earliest prediction first.")
    MOST_CONFIDENT = strawberry.enum_value(
        "MOST_CONFIDENT", description="The highest confidence first, the latest among equals."
    )
    LEAST_CONFIDENT = strawberry.enum_value(
        "LEAST_CONFIDENT", description="The lowest confidence first, the earliest among equals."
    )


DEFAULT_ORDER = HistoryOrder.NEWEST


def filter_of(filters: HistoryFilterInput | None) -> history.HistoryFilter:
    """Return the filter of the service.

    Raises:
        BadUserInput: a confidence is outside 0 to 1, or a text too long.
    """
    return filters.as_filter() if filters else history.HistoryFilter()


def order_of(order: HistoryOrder | None) -> history.HistoryOrder:
    """Return the order of the service; null is the order that nothing asks for."""
    return history.HistoryOrder[(order or DEFAULT_ORDER).name]


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


def whole_history(
    user: User, filters: HistoryFilterInput | None = None, order: HistoryOrder | None = None
) -> History:
    """Return a user's history as the arguments want it.

    Raises:
        BadUserInput: the filter is outside what its description allows.
    """
    return History(user, filter_of(filters), order_of(order))


def edge_of(row: PredictionRow) -> PredictionEdge:
    """Return a prediction and its place in its owner's whole history, in the order by default."""
    return PredictionEdge(cursor=order_of(None).cursor(row), node=row)


def history_page(whole: History, window: Window, context: Context) -> PredictionConnection:
    """Return a page of a history.

    Raises:
        BadUserInput: a cursor is none of this order.
        CostLimitExceeded: the request has asked for much already.
    """
    budget = context.row_budget
    budget.spend(cost_of_page(whole.filters, whole.order, window))
    try:
        page = whole.page(window)
    except CursorInvalid as error:
        raise BadUserInput("The cursor was not handed out by a history in this order.") from error
    context.pages.append(tuple(row.pk for row in page.rows))
    edges = [PredictionEdge(cursor=whole.cursor(row), node=row) for row in page.rows]
    neighbours = Neighbours(whole, window, budget, has_more=page.has_more)
    page_info = PageInfo(
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
        next_exists=neighbours.next_exists,
        previous_exists=neighbours.previous_exists,
    )
    return PredictionConnection(edges=edges, page_info=page_info, whole=whole)


@dataclass(frozen=True)
class Neighbours:
    """What lies around a page; the side it did not run towards is looked up when asked for."""

    whole: History
    window: Window
    budget: RowBudget
    has_more: bool

    def next_exists(self) -> bool:
        """Return whether there is anything after the page.

        Raises:
            CostLimitExceeded: to look would be too much.
        """
        if self.window.from_back:
            return self._is_beyond(self.window.before, self.whole.has_rows_from)
        return self.has_more

    def previous_exists(self) -> bool:
        """Return whether there is anything before the page.

        Raises:
            CostLimitExceeded: as above.
        """
        if self.window.from_back:
            return self.has_more
        return self._is_beyond(self.window.after, self.whole.has_rows_up_to)

    def _is_beyond(self, cursor: str | None, look: Callable[[str], bool]) -> bool:
        if cursor is None:
            return False
        self.budget.spend(cost_of_neighbour(self.whole.filters, self.whole.order))
        return look(cursor)


def window_of(
    *, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """Return the part of a history that Relay's arguments ask for; 20 from the front by default.

    Raises:
        BadUserInput: `first` and `last` together, or one of them out of range.
    """
    if first is not None and last is not None:
        raise BadUserInput("Ask for the `first` or the `last`, not for both.")
    if last is not None:
        size = bounded("last", last, maximum=MAX_PAGE_SIZE)
        return Window(size, from_back=True, after=after, before=before)
    size = DEFAULT_PAGE_SIZE if first is None else bounded("first", first, maximum=MAX_PAGE_SIZE)
    return Window(size, after=after, before=before)
