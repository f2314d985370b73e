"""What the schema tells of an account."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from server.accounts import models
from server.accounts.quota import quota_status
from server.accounts.tokens import MAX_ENDED_TOKENS_PER_USER, MAX_TOKENS_PER_USER
from server.api.arguments import bounded
from server.api.context import Info
from server.api.models import Model, RememberedVersions, model_of
from server.api.node import Node, global_id
from server.api.predictions.history import (
    HistoryFilterInput,
    HistoryOrder,
    PredictionConnection,
    history_page,
    whole_history,
    window_of,
)
from server.predictions import statistics

MAX_STATISTICS_ROWS = 366


@strawberry.enum(description="What a personal access token may do.")
class Scope(Enum):
    """The scopes; each member is named like the one that is stored."""

    READ = strawberry.enum_value(
        "READ", description="Read the account, its history and the crops of its predictions."
    )
    PREDICT = strawberry.enum_value("PREDICT", description="Make predictions.")
    MANAGE = strawberry.enum_value("MANAGE", description="Delete predictions.")


@strawberry.type(description="A personal access token, without its secret.")
class ApiToken(Node):
    """A token as its owner sees it in a list."""

    name: str = strawberry.field(description="The name its owner gave it.")
    hint: str = strawberry.field(description="The first characters of the secret, to tell it by.")
    scopes: list[Scope] = strawberry.field(description="What it may do.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime | None = strawberry.field(
        description="When it stops working; null where it does not."
    )
    last_used_at: datetime | None = strawberry.field(
        description="When it was last used, to the minute; null if never."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When it was revoked; null while it is not."
    )


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

    model: Model = strawberry.field(description="The model.")
    count: int = strawberry.field(description="How many predictions it made.")


@strawberry.type(description="How many predictions were made on a day.")
class DayCount:
    """A day (UTC) and its count."""

    day: date = strawberry.field(description="The day (UTC).")
    count: int = strawberry.field(description="How many predictions were made.")


@strawberry.type(
    description="What a whole history amounts to. Each field is counted when asked for."
)
class HistoryStatistics:
    """Counts over a user's history."""

    user: strawberry.Private[models.User]

    @strawberry.field(description="How many predictions the history holds.")
    def total(self, info: Info) -> int:
        """Return the number of predictions."""
        info.context.row_budget.spend_count()
        return statistics.total(self.user)

    @strawberry.field(description="The most frequent labels, the most frequent first.")
    def by_label(
        self,
        info: Info,
        first: Annotated[
            int, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = 20,
    ) -> list[LabelCount]:
        """Return counts by label."""
        rows = statistics.count_by_label(self.user, first=_statistics_size(info, "first", first))
        return [LabelCount(label=row.label, count=row.count) for row in rows]

    @strawberry.field(description="The models that answered, the most frequent first.")
    def by_model(self, info: Info) -> list[ModelCount]:
        """Return counts by model version."""
        info.context.row_budget.spend_count()
        rows = statistics.count_by_model(self.user)
        versions = RememberedVersions(row.key for row in rows)
        return [
            ModelCount(model=model_of(row.name, row.version, versions), count=row.count)
            for row in rows
        ]

    @strawberry.field(
        description="The latest days (UTC) on which predictions were made, the latest last."
    )
    def per_day(
        self,
        info: Info,
        last: Annotated[
            int, strawberry.argument(description=f"How many, at most {MAX_STATISTICS_ROWS}.")
        ] = 30,
    ) -> list[DayCount]:
        """Return counts by day."""
        rows = statistics.count_per_day(self.user, last=_statistics_size(info, "last", last))
        return [DayCount(day=row.day, count=row.count) for row in rows]


@strawberry.type(description="Somebody with an account.")
class User(Node):
    """The viewer; nobody sees another user."""

    email: str = strawberry.field(description="The e-mail address, in lower case. It is the login.")
    date_joined: datetime = strawberry.field(description="When the account was made.")
    row: strawberry.Private[models.User]

    @strawberry.field(
        description=(
            "The predictions of the account, a page at a time. "
            "`first` with `after` reads on, `last` with `before` reads back."
        )
    )
    def history(
        self,
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
        whole = whole_history(self.row, filter, order_by)
        return history_page(whole, window, info.context.row_budget)

    @strawberry.field(description="What the whole history amounts to.")
    def statistics(self) -> HistoryStatistics:
        """Return the statistics."""
        return HistoryStatistics(user=self.row)

    @strawberry.field(description="How many predictions are left today.")
    def quota(self) -> Quota:
        """Return the quota."""
        status = quota_status(self.row)
        return Quota(limit=status.limit, used=status.used, resets_at=status.resets_at)

    @strawberry.field(
        description="The personal access tokens, the latest first, revoked ones included."
    )
    def api_tokens(self, info: Info) -> list[ApiToken]:
        """Return the tokens."""
        info.context.row_budget.spend(MAX_TOKENS_PER_USER + MAX_ENDED_TOKENS_PER_USER)
        return [token_of(row) for row in self.row.api_tokens.order_by("-pk")]


def user_of(row: models.User) -> User:
    """Return a user as the schema tells it."""
    return User(id=global_id("User", row.pk), email=row.email, date_joined=row.date_joined, row=row)


def token_of(row: models.ApiToken) -> ApiToken:
    """Return a token as the schema tells it."""
    return ApiToken(
        id=global_id("ApiToken", row.pk),
        name=row.name,
        hint=row.hint,
        scopes=[Scope[scope] for scope in row.scopes],
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def _statistics_size(info: Info, name: str, value: int) -> int:
    size = bounded(name, value, maximum=MAX_STATISTICS_ROWS)
    info.context.row_budget.spend_count()
    info.context.row_budget.spend(size)
    return size
