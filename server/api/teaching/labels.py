"""The labels of a classifier, in the schema."""

import strawberry
import strawberry_django
from django.db.models import Count
from strawberry import Parent, auto

from server.api.node import Node, id_of_row
from server.teaching import models


@strawberry_django.type(
    models.ClassifierLabel, description="A label of a classifier: what it may answer."
)
class ClassifierLabel(Node):
    """A label."""

    id: strawberry.ID = id_of_row("ClassifierLabel")
    name: auto = strawberry_django.field(description="The answer.")
    is_something_else: auto = strawberry_django.field(
        description=(
            "Whether it is for what is none of the others: where it is the answer, "
            "`isKnown` is false."
        )
    )

    @strawberry_django.field(only=["id"], description="How many examples it has.")
    @staticmethod
    def example_count(root: Parent[models.ClassifierLabel]) -> int:
        """Return the number of examples, which a list of labels has counted with them."""
        counted = getattr(root, "example_count", None)
        return root.examples.count() if counted is None else int(counted)


def counted_labels(classifier: models.Classifier) -> list[models.ClassifierLabel]:
    """Return the labels of a classifier in the order they were made, each with its examples."""
    return list(classifier.labels.annotate(example_count=Count("examples")).order_by("pk"))
