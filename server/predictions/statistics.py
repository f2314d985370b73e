"""What a whole history amounts to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncDate

from server.accounts.models import User
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


def total(user: User) -> int:
    """Return how many predictions the history holds."""
    return Prediction.objects.filter(user=user).count()


def count_by_label(user: User, *, first: int) -> list[LabelCount]:
    """Return the most frequent labels, the most frequent first."""
    rows = Prediction.objects.filter(user=user).values_list("label").annotate(count=Count("id"))
    return [LabelCount(*row) for row in rows.order_by("-count", "label")[:first]]


def count_by_model(user: User) -> list[ModelCount]:
    """Return the models that answered, the most frequent first."""
    model = ("model_version", "model_version__name", "model_version__version")
    rows = Prediction.objects.filter(user=user).values_list(*model).annotate(count=Count("id"))
    return [ModelCount(*row) for row in rows.order_by("-count", *model[1:])]


def count_per_day(user: User, *, last: int) -> list[DayCount]:
    """Return the latest days that have predictions, the latest last."""
    rows = Prediction.objects.filter(user=user).annotate(day=TruncDate("created_at"))
    days = rows.values_list("day").annotate(count=Count("id")).order_by("-day")[:last]
    return [DayCount(*row) for row in reversed(days)]
