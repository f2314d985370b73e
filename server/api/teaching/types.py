"""What the schema tells of a classifier, and how an account's are listed."""

from typing import Annotated

import strawberry
import strawberry_django
from django.conf import settings
from strawberry import Parent, auto

from server.accounts.models import User
from server.api.arguments import short, size_of
from server.api.context import ROWS_OF_A_COUNT, ROWS_OF_A_SEARCH, Info, RowBudget
from server.api.node import Node, id_of_row
from server.api.predictions.history import PageInfo, window_of
from server.api.predictions.types import Prediction
from server.api.teaching.connections import Listing, ListPage, list_page
from server.api.teaching.examples import ExampleConnection, example_page
from server.api.teaching.labels import ClassifierLabel, counted_labels
from server.api.teaching.versions import (
    ClassifierVersion,
    ClassifierVersionConnection,
    version_page,
)
from server.predictions.history import Window
from server.predictions.models import Prediction as PredictionRow
from server.teaching import models
from server.teaching.advice import advice, is_outdated
from server.teaching.suggesting import MOST_SUGGESTIONS, suggestions

DEFAULT_SUGGESTIONS = 10

First = Annotated[
    int | None,
    strawberry.argument(description="How many from the front; 20 by default, at most 100."),
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="How many from the back; at most 100.")
]
Before = Annotated[
    str | None, strawberry.argument(description="Only what comes before this cursor.")
]


@strawberry_django.type(
    models.Classifier,
    description=(
        "Something that is taught with examples of its owner's. Its name is what `predict` and "
        "`readAs` ask for."
    ),
)
class Classifier(Node):
    """A classifier."""

    id: strawberry.ID = id_of_row("Classifier")
    name: auto = strawberry_django.field(
        description="The name to ask for in `predict`; no two of an account have the same."
    )
    description: auto = strawberry_django.field(description="What its owner says of it.")
    created_at: auto = strawberry_django.field(description="When it was made.")

    @strawberry_django.field(
        only=["backbone"],
        description=(
            "The name of the model that it stands on, for good: it reads the photos that this one "
            "has looked at. It answers as long as that is one of `models`."
        ),
    )
    @staticmethod
    def model(root: Parent[models.Classifier]) -> str:
        """Return the name of the model."""
        return root.backbone.rpartition(" ")[0]

    @strawberry_django.field(
        graphql_type=list[ClassifierLabel],
        only=["id"],
        description="Its labels, in the order they were made.",
    )
    @staticmethod
    def labels(root: Parent[models.Classifier], info: Info) -> list[models.ClassifierLabel]:
        """Return the labels."""
        info.context.row_budget.spend(settings.LABELS_PER_CLASSIFIER)
        return counted_labels(root)

    @strawberry_django.field(
        only=["id"],
        description=(
            "Its examples, the latest first; those worth a second look, the least agreed with "
            "first. `first` with `after` reads on, `last` with `before` reads back."
        ),
    )
    @staticmethod
    def examples(
        root: Parent[models.Classifier],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        label: Annotated[
            str | None, strawberry.argument(description="Only examples of the label of this name.")
        ] = None,
        *,
        suspicious: Annotated[
            bool | None,
            strawberry.argument(
                description="Only those that the other examples contradict: a tenth at most."
            ),
        ] = False,
    ) -> ExampleConnection:
        """Return a page of the examples."""
        return example_page(
            root,
            window_of(first=first, after=after, last=last, before=before),
            label=short("label", label, maximum=models.MAX_LABEL_NAME_LENGTH),
            suspicious=bool(suspicious),
            budget=info.context.row_budget,
        )

    @strawberry_django.field(
        only=["id"], description="What it knew at each training, the latest first."
    )
    @staticmethod
    def versions(
        root: Parent[models.Classifier],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ClassifierVersionConnection:
        """Return a page of the versions."""
        window = window_of(first=first, after=after, last=last, before=before)
        return version_page(root, window, info.context.row_budget)

    @strawberry_django.field(
        graphql_type=ClassifierVersion | None,
        only=["id", "current_version"],
        description="The version that answers; null before the first training.",
    )
    @staticmethod
    def current_version(root: Parent[models.Classifier]) -> models.ClassifierVersion | None:
        """Return the version in use."""
        if root.current_version_id is None:
            return None
        versions = models.ClassifierVersion.objects.defer("head")
        return versions.filter(pk=root.current_version_id).first()

    @strawberry_django.field(
        only=["id", "revision"],
        description=(
            "Whether training would teach it anything that its latest version does not know: "
            "labels or examples have changed since."
        ),
    )
    @staticmethod
    def is_outdated(root: Parent[models.Classifier], info: Info) -> bool:
        """Return whether there is something new to learn."""
        info.context.row_budget.spend(ROWS_OF_A_COUNT)
        return is_outdated(root, root.examples.count())

    @strawberry_django.field(
        only=["id"], description="What would make it better, the most urgent first; in words."
    )
    @staticmethod
    def advice(root: Parent[models.Classifier], info: Info) -> list[str]:
        """Return the advice."""
        info.context.row_budget.spend(settings.LABELS_PER_CLASSIFIER)
        labels = counted_labels(root)
        return advice(
            {label.name: label.example_count for label in labels},  # type: ignore[attr-defined]
            has_something_else=any(label.is_something_else for label in labels),
        )

    @strawberry_django.field(
        graphql_type=list[Prediction],
        only=["id", "user", "current_version"],
        description=(
            "Predictions of the history whose true label would teach it most: of the latest that "
            "are no examples yet, those it is least decided about. None before it is trained."
        ),
    )
    @staticmethod
    def suggestions(
        root: Parent[models.Classifier],
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many, at most {MOST_SUGGESTIONS}.")
        ] = DEFAULT_SUGGESTIONS,
    ) -> list[PredictionRow]:
        """Return the suggestions."""
        size = size_of("first", first, default=DEFAULT_SUGGESTIONS, maximum=MOST_SUGGESTIONS)
        info.context.row_budget.spend(ROWS_OF_A_SEARCH + size)
        found = suggestions(root.user, root, first=size)
        info.context.pages.append(tuple(row.pk for row in found))
        return found


@strawberry.type(description="A classifier and its place in the list.")
class ClassifierEdge:
    """An edge of the classifiers."""

    cursor: str = strawberry.field(description="The place of this classifier; for `after`.")
    node: models.Classifier = strawberry.field(
        graphql_type=Classifier, description="The classifier."
    )


@strawberry.type(description="A page of classifiers, the latest first.")
class ClassifierConnection:
    """A Relay connection over classifiers."""

    edges: list[ClassifierEdge] = strawberry.field(description="The classifiers of the page.")
    page_info: PageInfo = strawberry.field(description="How to go on from here.")
    listing: strawberry.Private[Listing[models.Classifier]]

    @strawberry.field(
        graphql_type=list[Classifier],
        description="The same classifiers, for who has no use for the cursor of each.",
    )
    def nodes(self) -> list[models.Classifier]:
        """Return the classifiers of the page."""
        return [edge.node for edge in self.edges]

    @strawberry.field(description="How many there are on all pages. Counted only when asked for.")
    def total_count(self, info: Info) -> int:
        """Return the number of classifiers behind all pages."""
        info.context.row_budget.spend(ROWS_OF_A_COUNT)
        return self.listing.rows.count()


def classifier_page(user: User, window: Window, budget: RowBudget) -> ClassifierConnection:
    """Return a page of a person's classifiers.

    Raises:
        BadUserInput: the size is out of range, or the cursor none of this list.
        CostLimitExceeded: the request has asked for much already.
    """
    listing = Listing(models.Classifier.objects.filter(user=user).select_related("user"))
    page: ListPage[models.Classifier] = list_page(listing, window, budget)
    return ClassifierConnection(
        edges=page.edges(ClassifierEdge), page_info=page.page_info, listing=listing
    )
