"""The examples of a classifier, in the schema."""

import strawberry
import strawberry_django
from django.db.models import QuerySet
from django.urls import reverse
from strawberry import Parent, auto

from server.api.context import ROWS_OF_A_COUNT, Info, RowBudget
from server.api.node import Node, id_of_row, same_row
from server.api.predictions.history import PageInfo
from server.api.predictions.types import Prediction, crop_path
from server.api.teaching.connections import Listing, ListPage, list_page
from server.api.teaching.labels import ClassifierLabel
from server.predictions.history import Window
from server.teaching import models


@strawberry_django.type(
    models.Example, description="The picture of an example. The upload itself is never kept."
)
class ExampleImage:
    """The crop, and the checksum of the upload."""

    sha256: auto = strawberry_django.field(
        field_name="image_sha256", description="SHA-256 of the upload, hexadecimal."
    )

    @strawberry_django.field(
        only=["id", "prediction"],
        description=(
            "Path of the crop that the model saw, on the host of this API. "
            "Only its owner gets it, by session or by a token with the scope READ."
        ),
    )
    @staticmethod
    def url(root: Parent[models.Example]) -> str:
        """Return the path of the crop: that of the prediction, where it is one."""
        if root.prediction_id is not None:
            return crop_path(root.prediction_id)
        return reverse("example-crop", args=[root.pk])


@strawberry_django.type(
    models.Example,
    description=(
        "A picture that shows what a label means: an upload, or a prediction of the history."
    ),
)
class Example(Node):
    """An example."""

    id: strawberry.ID = id_of_row("Example")
    created_at: auto = strawberry_django.field(description="When it was added.")
    label: ClassifierLabel = strawberry_django.field(description="What it shows.")
    image: ExampleImage = same_row("The picture.")
    prediction: Prediction | None = strawberry_django.field(
        description=(
            "The prediction it is, with which it goes; null where it is a picture of its own."
        )
    )
    agreement: auto = strawberry_django.field(
        description=(
            "What the other examples say of its label, from 0 to 1, as of the latest training; "
            "null where that did not know it."
        )
    )
    is_suspicious: auto = strawberry_django.field(
        description=(
            "Whether it is worth a second look: the others say another label, and of few examples "
            "as clearly."
        )
    )


@strawberry.type(description="An example and its place in the list.")
class ExampleEdge:
    """An edge of the examples."""

    cursor: str = strawberry.field(description="The place of this example; for `after`.")
    node: models.Example = strawberry.field(graphql_type=Example, description="The example.")


@strawberry.type(description="A page of examples.")
class ExampleConnection:
    """A Relay connection over examples."""

    edges: list[ExampleEdge] = strawberry.field(description="The examples of the page.")
    page_info: PageInfo = strawberry.field(description="How to go on from here.")
    listing: strawberry.Private[Listing[models.Example]]

    @strawberry.field(
        graphql_type=list[Example],
        description="The same examples, for who has no use for the cursor of each.",
    )
    def nodes(self) -> list[models.Example]:
        """Return the examples of the page."""
        return [edge.node for edge in self.edges]

    @strawberry.field(description="How many there are on all pages. Counted only when asked for.")
    def total_count(self, info: Info) -> int:
        """Return the number of examples behind all pages."""
        info.context.row_budget.spend(ROWS_OF_A_COUNT)
        return self.listing.rows.count()


def told_examples(rows: QuerySet[models.Example]) -> QuerySet[models.Example]:
    """Return examples with what is told of them, in one query; without their bytes."""
    return rows.select_related("label", "prediction__model_version").defer(
        "embedding", "crop", "prediction__embedding", "prediction__model_version__labels"
    )


def example_page(
    classifier: models.Classifier,
    window: Window,
    *,
    label: str | None,
    suspicious: bool,
    budget: RowBudget,
) -> ExampleConnection:
    """Return a page of the examples of a classifier.

    Raises:
        BadUserInput: the size is out of range, or the cursor none of this list.
        CostLimitExceeded: the request has asked for much already.
    """
    rows = models.Example.objects.filter(classifier=classifier)
    if label is not None:
        rows = rows.filter(label__name=label)
    if suspicious:
        rows = rows.filter(is_suspicious=True, agreement__isnull=False)
    listing = Listing(rows, by_agreement=suspicious)
    page: ListPage[models.Example] = list_page(
        Listing(told_examples(rows), by_agreement=suspicious), window, budget
    )
    return ExampleConnection(
        edges=page.edges(ExampleEdge), page_info=page.page_info, listing=listing
    )
