"""What a history amounts to."""

from datetime import date
from typing import Annotated

import strawberry

from server.api.arguments import size_of
from server.api.context import Info
from server.api.model import Model
from server.api.predictions.history_page import cost_of_count
from server.predictions import statistics
from server.predictions.history import HistoryOrder
from server.predictions.models import ModelVersion

MAX_STATISTICS_ROWS = 366
DEFAULT_LABELS = 20
DEFAULT_DAYS = 30


@strawberry.type(description="How often a label was the answer.")
class LabelCount:
    """A label and its count."""

    label: str = strawberry.field(description="The label.")
    count: int = strawberry.field(description="How many predictions gave it.")


@strawberry.type(description="How many answers a version of a model gave.")
class ModelCount:
    """A model and its count."""

    model: ModelVersion = strawberry.field(graphql_type=Model, description="The model.")
    count: int = strawberry.field(description="How many predictions it made.")


@strawberry.type(description="How many predictions were made on a day.")
class DayCount:
    """A day (UTC) and its count."""

    day: date = strawberry.field(description="The day (UTC).")
    count: int = strawberry.field(description="How many predictions were made.")


@strawberry.type(
    description=(
        "What a history, or what passes a filter of it, amounts to. "
        "Each field is counted when asked for."
    )
)
class HistoryStatistics:
    """Counts over a user's history."""

    counted: strawberry.Private[statistics.HistoryStatistics]

    @strawberry.field(description="How many predictions there are.")
    def total(self, info: Info) -> int:
        """Return the number of predictions."""
        self._spend(info)
        return self.counted.total()

    @strawberry.field(
        description="How many of them were corrected: the others are not known to be wrong."
    )
    def corrected(self, info: Info) -> int:
        """Return the number of corrected predictions."""
        self._spend(info)
        return self.counted.corrected()

    @strawberry.field(description="The most frequent labels, the most frequent first.")
    def by_label(
        self,
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = DEFAULT_LABELS,
    ) -> list[LabelCount]:
        """Return counts by label."""
        rows = self.counted.by_label(first=self._size(info, "first", first, default=DEFAULT_LABELS))
        return [LabelCount(label=row.label, count=row.count) for row in rows]

    @strawberry.field(description="The models that answered, the most frequent first.")
    def by_model(self, info: Info) -> list[ModelCount]:
        """Return counts by model version."""
        self._spend(info)
        return [
            ModelCount(
                model=ModelVersion(id=row.key, name=row.name, version=row.version),
                count=row.count,
            )
            for row in self.counted.by_model()
        ]

    @strawberry.field(
        description="The latest days (UTC) on which predictions were made, the latest last."
    )
    def per_day(
        self,
        info: Info,
        last: Annotated[
            int | None, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = DEFAULT_DAYS,
    ) -> list[DayCount]:
        """Return counts by day."""
        rows = self.counted.per_day(last=self._size(info, "last", last, default=DEFAULT_DAYS))
        return [DayCount(day=row.day, count=row.count) for row in rows]

    def _size(self, info: Info, name: str, value: int | None, *, default: int) -> int:
        size = size_of(name, value, default=default, maximum=MAX_STATISTICS_ROWS)
        self._spend(info, size)
        return size

    def _spend(self, info: Info, further_rows: int = 0) -> None:
        cost = cost_of_count(self.counted.filters, HistoryOrder.NEWEST)
        info.context.row_budget.spend(cost + further_rows)
