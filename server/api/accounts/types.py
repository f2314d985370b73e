"""What the schema tells of an account."""

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry
import strawberry_django
from strawberry import Parent, auto

from server.accounts import models
from server.accounts.quota import QuotaStatus, quota_status
from server.accounts.tokens import MAX_ENDED_TOKENS_PER_USER, MAX_TOKENS_PER_USER
from server.api.context import Info
from server.api.node import Node, id_of_row
from server.api.predictions.history import (
    DEFAULT_ORDER,
    HistoryFilterInput,
    HistoryOrder,
    PredictionConnection,
    filter_of,
    whole_history,
    window_of,
)
from server.api.predictions.history_page import HistoryPage, history_page
from server.api.predictions.lookalikes import (
    DEFAULT_GROUPS,
    DEFAULT_LOOKALIKE,
    FirstGroups,
    Lookalikes,
    groups_of,
)
from server.api.predictions.similar import MinSimilarity
from server.api.predictions.statistics import HistoryStatistics
from server.api.teaching.types import (
    After,
    Before,
    Classifier,
    ClassifierConnection,
    First,
    Last,
    classifier_page,
)
from server.predictions.lookalikes import GROUPED
from server.predictions.statistics import HistoryStatistics as Counts
from server.teaching.classifiers import find_classifier
from server.teaching.models import Classifier as ClassifierRow


@strawberry.enum(description="What a personal access token may do.")
class Scope(Enum):
    """The scopes; each member is named like the one that is stored."""

    READ = strawberry.enum_value(
        "READ", description="Read the account, its history and the crops of its predictions."
    )
    PREDICT = strawberry.enum_value("PREDICT", description="Make predictions.")
    MANAGE = strawberry.enum_value(
        "MANAGE",
        description="Change and delete predictions, corrections, classifiers, examples.",
    )


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
    remaining: int = strawberry.field(description="Predictions that are left today.")
    resets_at: datetime = strawberry.field(description="When the next day begins (UTC).")


@strawberry_django.type(models.User, description="Somebody with an account.")
class User(Node):
    """The viewer; nobody sees another user."""

    id: strawberry.ID = id_of_row("User")
    email: auto = strawberry_django.field(
        description="The e-mail address, in lower case. It is the login."
    )
    date_joined: auto = strawberry_django.field(description="When the account was made.")

    @strawberry_django.field(
        graphql_type=PredictionConnection,
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
            HistoryOrder | None, strawberry.argument(description="In which order.")
        ] = DEFAULT_ORDER,
    ) -> HistoryPage:
        """Return a page of the history."""
        window = window_of(first=first, after=after, last=last, before=before)
        whole = whole_history(root, filter, order_by)
        return history_page(whole, window, info.context)

    @strawberry_django.field(
        only=["id"], description="What the history amounts to, or what passes a filter of it."
    )
    @staticmethod
    def statistics(
        root: Parent[models.User],
        filter: Annotated[
            HistoryFilterInput | None,
            strawberry.argument(description="Which predictions to count."),
        ] = None,
    ) -> HistoryStatistics:
        """Return the statistics."""
        return HistoryStatistics(counted=Counts(root, filter_of(filter)))

    @strawberry_django.field(
        only=["id"],
        description=(
            f"Groups of photos that look alike, among the latest {GROUPED} of the history; the "
            "largest group first, and no photo in two of them. Looked for now."
        ),
    )
    @staticmethod
    def lookalikes(
        root: Parent[models.User],
        info: Info,
        first: FirstGroups = DEFAULT_GROUPS,
        min_similarity: MinSimilarity = DEFAULT_LOOKALIKE,
    ) -> list[Lookalikes]:
        """Return the groups."""
        budget = info.context.row_budget
        return groups_of(root, budget, first=first, min_similarity=min_similarity)

    @strawberry_django.field(only=["id"], description="What the account teaches, the latest first.")
    @staticmethod
    def classifiers(
        root: Parent[models.User],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ClassifierConnection:
        """Return a page of the classifiers."""
        window = window_of(first=first, after=after, last=last, before=before)
        return classifier_page(root, window, info.context.row_budget)

    @strawberry_django.field(
        graphql_type=Classifier | None,
        only=["id"],
        description="A classifier of the account by name; null where there is none.",
    )
    @staticmethod
    def classifier(
        root: Parent[models.User],
        info: Info,
        name: Annotated[str, strawberry.argument(description="The name of the classifier.")],
    ) -> ClassifierRow | None:
        """Return one classifier."""
        info.context.row_budget.spend(1)
        return find_classifier(root, name)

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
