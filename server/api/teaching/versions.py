"""The versions of a classifier, in the schema."""

from typing import Annotated

import strawberry
import strawberry_django
from django.urls import reverse
from strawberry import Parent, auto

from server.api.arguments import size_of
from server.api.context import ROWS_OF_A_COUNT, Info, RowBudget
from server.api.node import Node, id_of_row
from server.api.predictions.history import PageInfo
from server.api.teaching.connections import Listing, ListPage, list_page
from server.predictions.history import Window
from server.teaching import models
from server.teaching.archive import may_have_archive
from server.teaching.judging import ESTIMATED_FROM, KEPT_CONFUSIONS
from server.teaching.taught import version_text

DEFAULT_CONFUSIONS = 10
_TAUGHT_WITH = ["labels", "example_counts", "something_else"]


@strawberry.type(description="A label that a version can answer with.")
class VersionLabel:
    """A label as it was taught."""

    name: str = strawberry.field(description="The answer.")
    example_count: int = strawberry.field(description="With how many examples it was taught.")
    is_something_else: bool = strawberry.field(
        description="Whether it is for what is none of the others."
    )


@strawberry.type(description="Examples of one label that are taken for another.")
class Confusion:
    """A pair of labels."""

    label: str = strawberry.field(description="What the examples show, by their label.")
    taken_for: str = strawberry.field(description="What the others take them for.")
    count: int = strawberry.field(description="How many examples.")


@strawberry_django.type(
    models.ClassifierVersion,
    description="What a classifier knew at a time. It never changes.",
)
class ClassifierVersion(Node):
    """A version."""

    id: strawberry.ID = id_of_row("ClassifierVersion")
    number: auto = strawberry_django.field(description="The first version is number 1.")
    created_at: auto = strawberry_django.field(description="When it was taught.")
    estimated_accuracy: auto = strawberry_django.field(
        description=(
            "How many of 100 pictures such as the examples it is right on, as a share from 0 to 1, "
            "each label counting the same. Estimated by leaving each example out; "
            f"null where a label has fewer than {ESTIMATED_FROM}, for it would be a guess."
        )
    )

    @strawberry_django.field(
        only=["number", "sha256"],
        description="What `Prediction.model.version` says of its answers.",
    )
    @staticmethod
    def model_version(root: Parent[models.ClassifierVersion]) -> str:
        """Return what predictions call it."""
        return version_text(root.number, root.sha256)

    @strawberry_django.field(only=_TAUGHT_WITH, description="With how many examples it was taught.")
    @staticmethod
    def example_count(root: Parent[models.ClassifierVersion]) -> int:
        """Return the number of examples."""
        return sum(root.example_counts)

    @strawberry_django.field(
        only=_TAUGHT_WITH, description="The labels it can answer with, by name."
    )
    @staticmethod
    def labels(root: Parent[models.ClassifierVersion], info: Info) -> list[VersionLabel]:
        """Return the labels."""
        info.context.row_budget.spend(len(root.labels))
        return [
            VersionLabel(
                name=name, example_count=count, is_something_else=place == root.something_else
            )
            for place, (name, count) in enumerate(
                zip(root.labels, root.example_counts, strict=True)
            )
        ]

    @strawberry_django.field(
        only=["id", "backbone"],
        description=(
            "Where its owner, with the session or a token that may READ, gets all of it as one "
            "archive: an ONNX model, its labels and licence, and a program of a few lines that "
            "answers by it. `importClassifier` takes it back. Null where the server has no graph "
            "to put into it, for another machine runs that; or none of this version any more."
        ),
    )
    @staticmethod
    def download_url(root: Parent[models.ClassifierVersion]) -> str | None:
        """Return the path of the archive."""
        return reverse("version-archive", args=[root.pk]) if may_have_archive(root) else None

    @strawberry_django.field(
        only=["confusions"],
        description=(
            "Which labels are taken for which, the most frequent first: each example as it is "
            "answered by what was taught without it."
        ),
    )
    @staticmethod
    def confusions(
        root: Parent[models.ClassifierVersion],
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many, at most {KEPT_CONFUSIONS}.")
        ] = DEFAULT_CONFUSIONS,
    ) -> list[Confusion]:
        """Return the confusions."""
        size = size_of("first", first, default=DEFAULT_CONFUSIONS, maximum=KEPT_CONFUSIONS)
        info.context.row_budget.spend(size)
        return [
            Confusion(label=label, taken_for=taken_for, count=count)
            for label, taken_for, count in root.confusions[:size]
        ]


@strawberry.type(description="A version and its place in the list.")
class ClassifierVersionEdge:
    """An edge of the versions."""

    cursor: str = strawberry.field(description="The place of this version; for `after`.")
    node: models.ClassifierVersion = strawberry.field(
        graphql_type=ClassifierVersion, description="The version."
    )


@strawberry.type(description="A page of versions, the latest first.")
class ClassifierVersionConnection:
    """A Relay connection over versions."""

    edges: list[ClassifierVersionEdge] = strawberry.field(description="The versions of the page.")
    page_info: PageInfo = strawberry.field(description="How to go on from here.")
    listing: strawberry.Private[Listing[models.ClassifierVersion]]

    @strawberry.field(
        graphql_type=list[ClassifierVersion],
        description="The same versions, for who has no use for the cursor of each.",
    )
    def nodes(self) -> list[models.ClassifierVersion]:
        """Return the versions of the page."""
        return [edge.node for edge in self.edges]

    @strawberry.field(description="How many there are on all pages. Counted only when asked for.")
    def total_count(self, info: Info) -> int:
        """Return the number of versions behind all pages."""
        info.context.row_budget.spend(ROWS_OF_A_COUNT)
        return self.listing.rows.count()


def version_page(
    classifier: models.Classifier, window: Window, budget: RowBudget
) -> ClassifierVersionConnection:
    """Return a page of the versions of a classifier.

    Raises:
        BadUserInput: the size is out of range, or the cursor none of this list.
        CostLimitExceeded: the request has asked for much already.
    """
    listing = Listing(models.ClassifierVersion.objects.filter(classifier=classifier).defer("head"))
    page: ListPage[models.ClassifierVersion] = list_page(listing, window, budget)
    return ClassifierVersionConnection(
        edges=page.edges(ClassifierVersionEdge), page_info=page.page_info, listing=listing
    )
