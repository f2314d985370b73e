"""What the schema tells of an account."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry
import strawberry_django
from strawberry import Parent, auto

from server.accounts import models
from server.accounts.quota import QuotaStatus, quota_status
from server.accounts.tokens import MAX_ENDED_TOKENS_PER_USER, MAX_TOKENS_PER_USER
from server.api.arguments import bounded
from server.api.context import Info
from server.api.model import Model
from server.api.node import Node, id_of_row, same_row
from server.api.predictions.history import (
    HistoryFilterInput,
    HistoryOrder,
    PredictionConnection,
    history_page,
    whole_history,
    window_of,
)
from server.predictions import statistics
from server.predictions.models import ModelVersion

MAX_STATISTICS_ROWS = 366


@strawberry.enum(description="What a personal access token may do.")
class Scope(Enum):
    """The scopes; each member is named like the one that is stored."""

    READ = strawberry.enum_value(
        "READ", description="Read the account, its history and the crops of its predictions."
    )
    PREDICT = strawberry.enum_value("PREDICT", description="Make predictions.")
    MANAGE = strawberry.enum_value("MANAGE", description="Delete predictions.")


@strawberry_django.type(models.ApiToken, description="A personal access token, without its secret.")
class ApiToken(Node):
    """A token as its owner sees it in a list."""

    id: strawberry.ID = id_of_row("ApiToken")
    name: auto = strawberry_django.field(description="The name its owner gave it.")
    hint: auto = strawberry_django.field(
        description="The first characters of the secret, to tell it by."
    )
    created_at: auto = strawberry_django.field(description="When it was made.")
    expires_at: auto = strawberry_django.field(
        description="When it stops working; null where it does not."
    )
    last_used_at: auto = strawberry_django.field(
        description="When it was last used, to the minute; null if never."
    )
    revoked_at: auto = strawberry_django.field(
        description="When it was revoked; null while it is not."
    )

    @strawberry_django.field(only=["scopes"], description="What it may do.")
    @staticmethod
    def scopes(root: Parent[models.ApiToken]) -> list[Scope]:
        """Return the scopes."""
        return [Scope[scope] for scope in root.scopes]


@strawberry.type(description="How many predictions an account may make in a day.")
class Quota:
    """The quota of today (UTC)."""

    limit: int = strawberry.field(description="Predictions a day.")
    used: int = strawberry.field(
        description="Predictions made today. Deleting one does not give it back."
    )
    resets_at: datetime = strawberry.field(description="When the next day begins (UTC).")


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


@strawberry_django.type(
    models.User,
    description="What a whole history amounts to. Each field is counted when asked for.",
)
class HistoryStatistics:
    """Counts over a user's history."""

    @strawberry_django.field(only=["id"], description="How many predictions the history holds.")
    @staticmethod
    def total(root: Parent[models.User], info: Info) -> int:
        """Return the number of predictions."""
        info.context.row_budget.spend_count()
        return statistics.total(root)

    @strawberry_django.field(
        only=["id"], description="The most frequent labels, the most frequent first."
    )
    @staticmethod
    def by_label(
        root: Parent[models.User],
        info: Info,
        first: Annotated[
            int, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = 20,
    ) -> list[LabelCount]:
        """Return counts by label."""
        rows = statistics.count_by_label(root, first=_statistics_size(info, "first", first))
        return [LabelCount(label=row.label, count=row.count) for row in rows]

    @strawberry_django.field(
        only=["id"], description="The models that answered, the most frequent first."
    )
    @staticmethod
    def by_model(root: Parent[models.User], info: Info) -> list[ModelCount]:
        """Return counts by model version."""
        info.context.row_budget.spend_count()
        return [
            ModelCount(model=ModelVersion(row.key, row.name, row.version), count=row.count)
            for row in statistics.count_by_model(root)
        ]

    @strawberry_django.field(
        only=["id"],
        description="The latest days (UTC) on which predictions were made, the latest last.",
    )
    @staticmethod
    def per_day(
        root: Parent[models.User],
        info: Info,
        last: Annotated[
            int, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = 30,
    ) -> list[DayCount]:
        """Return counts by day."""
        rows = statistics.count_per_day(root, last=_statistics_size(info, "last", last))
        return [DayCount(day=row.day, count=row.count) for row in rows]


@strawberry_django.type(models.User, description="Somebody with an account.")
class User(Node):
    """The viewer; nobody sees another user."""

    id: strawberry.ID = id_of_row("User")
    email: auto = strawberry_django.field(
        description="The e-mail address, in lower case. It is the login."
    )
    date_joined: auto = strawberry_django.field(description="When the account was made.")
    statistics: HistoryStatistics = same_row("What the whole history amounts to.")

    @strawberry_django.field(
        only=["id"],
        description=(
            "The predictions of the account, a page at a time. "
            "`first` with `after` reads on, `last` with `before` reads back."
        ),
    )
    @staticmethod
    def history(
        root: Parent[models.User],
        info: Info,
        first: Annotated[
            int | None,
            strawberry.argument(description="How many from the front; 20 by default, at most 100."),
        ] = None,
        after: Annotated[
            str | None, strawberry.argument(description="Only what comes after this cursor.")
        ] = None,
        last: Annotated[
            int | None, strawberry.argument(description="How many from the back; at most 100.")
        ] = None,
        before: Annotated[
            str | None, strawberry.argument(description="Only what comes before this cursor.")
        ] = None,
        filter: Annotated[
            HistoryFilterInput | None, strawberry.argument(description="Which predictions to keep.")
        ] = None,
        order_by: Annotated[
            HistoryOrder, strawberry.argument(description="In which order.")
        ] = HistoryOrder.NEWEST,
    ) -> PredictionConnection:
        """Return a page of the history."""
        window = window_of(first=first, after=after, last=last, before=before)
        whole = whole_history(root, filter, order_by)
        return history_page(whole, window, info.context.row_budget)

    @strawberry_django.field(
        graphql_type=Quota, only=["id"], description="How many predictions are left today."
    )
    @staticmethod
    def quota(root: Parent[models.User]) -> QuotaStatus:
        """Return the quota."""
        return quota_status(root)

    @strawberry_django.field(
        graphql_type=list[ApiToken],
        only=["id"],
        description="The personal access tokens, the latest first, revoked ones included.",
    )
    @staticmethod
    def api_tokens(root: Parent[models.User], info: Info) -> list[models.ApiToken]:
        """Return the tokens."""
        info.context.row_budget.spend(MAX_TOKENS_PER_USER + MAX_ENDED_TOKENS_PER_USER)
        return list(root.api_tokens.order_by("-pk"))


def _statistics_size(info: Info, name: str, value: int) -> int:
    size = bounded(name, value, maximum=MAX_STATISTICS_ROWS)
    info.context.row_budget.spend_count()
    info.context.row_budget.spend(size)
    return size
