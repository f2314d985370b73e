"""History as a Relay connection."""

from datetime import datetime
from enum import Enum

import strawberry

from server.accounts.models import User
from server.api.arguments import bounded, in_utc, probability, short
from server.api.errors import BadUserInput
from server.api.predictions.types import Prediction
from server.predictions import history
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
    has_next_page: bool = strawberry.field(description="Whether there is anything after this page.")
    has_previous_page: bool = strawberry.field(
        description="Whether there is anything before this page."
    )


@strawberry.type(description="A prediction and its place in the history.")
class PredictionEdge:
    """An edge of the history."""

    cursor: str = strawberry.field(
        description="The place of this prediction in this order; for `after` and `before`."
    )
    node: PredictionRow = strawberry.field(graphql_type=Prediction, description="The prediction.")


@strawberry.type(description="A page of a history.")
class PredictionConnection:
    """A Relay connection over predictions, told of a `HistoryPage`.

    Ours, because the library's cursor connection takes the longer the further a page is back.
    """

    rows_are = Prediction

    edges: list[PredictionEdge] = strawberry.field(description="The predictions of the page.")
    nodes: list[PredictionRow] = strawberry.field(
        graphql_type=list[Prediction],
        description="The same predictions, for who has no use for the cursor of each.",
    )
    page_info: PageInfo = strawberry.field(description="How to go on from here.")
    total_count: int = strawberry.field(
        description=(
            "How many predictions pass the filter, on all pages. Counted only when asked for."
        )
    )


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
