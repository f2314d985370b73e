"""What a history, or what passes a filter of it, amounts to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from server.accounts.models import User
from server.predictions.history import HistoryFilter
from server.predictions.models import Prediction


@dataclass(frozen=True)
class LabelCount:
    """How often a label was the answer."""

    label: str
    count: int


@dataclass(frozen=True)
class ModelCount:
    """How many answers a version of a model gave."""

    key: int
    name: str
    version: str
    count: int


@dataclass(frozen=True)
class DayCount:
    """How many predictions were made on a day (UTC)."""

    day: date
    count: int


@dataclass(frozen=True)
class HistoryStatistics:
    """The counts over what passes a filter of a user's history, each made when it is asked for."""

    user: User
    filters: HistoryFilter

    def total(self) -> int:
        """Return how many predictions there are."""
        return self._rows().count()

    def corrected(self) -> int:
        """Return how many of them were corrected."""
        return self._rows().filter(correction__isnull=False).count()

    def by_label(self, *, first: int) -> list[LabelCount]:
        """Return the most frequent labels, the most frequent first."""
        rows = self._rows().values_list("label").annotate(count=Count("id"))
        return [LabelCount(*row) for row in rows.order_by("-count", "label")[:first]]

    def by_model(self) -> list[ModelCount]:
        """Return the models that answered, the most frequent first."""
        model = ("model_version", "model_version__name", "model_version__version")
        rows = self._rows().values_list(*model).annotate(count=Count("id"))
        return [ModelCount(*row) for row in rows.order_by("-count", *model[1:])]

    def per_day(self, *, last: int) -> list[DayCount]:
        """Return the latest days that have predictions, the latest last."""
        rows = self._rows().annotate(day=TruncDate("created_at"))
        days = rows.values_list("day").annotate(count=Count("id")).order_by("-day")[:last]
        return [DayCount(*row) for row in reversed(days)]

    def _rows(self) -> QuerySet[Prediction]:
        return Prediction.objects.filter(self.filters.condition(), user=self.user)
