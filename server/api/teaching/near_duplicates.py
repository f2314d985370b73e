"""Examples that look the same as another, in the schema."""

from collections.abc import Sequence

import strawberry

from server.api.context import RowBudget
from server.api.teaching.examples import Example
from server.teaching import models, near_duplicates

NEAR_DUPLICATES = (
    "Which of them look the same as an earlier example of the classifier: different photos teach "
    "more. A hint, of cosines from 0.98 on; none where many of its photos are as alike. Compared "
    "only when asked for."
)


@strawberry.type(description="An example that is nearly the same photo as another.")
class NearDuplicate:
    """A pair of examples."""

    example: models.Example = strawberry.field(
        graphql_type=Example, description="The one that was added."
    )
    other: models.Example = strawberry.field(
        graphql_type=Example,
        description=(
            "The earlier one that is most like it. Where its label is another, "
            "one of the two is wrong."
        ),
    )
    similarity: float = strawberry.field(
        description="How alike they are: the cosine of their embeddings, at most 1."
    )


def near_duplicates_of(
    examples: Sequence[models.Example], budget: RowBudget
) -> list[NearDuplicate]:
    """Return which of the examples look the same as an earlier one.

    Raises:
        CostLimitExceeded: the request has asked for much already.
    """
    budget.spend(near_duplicates.COMPARED)
    return [
        NearDuplicate(example=each.example, other=each.other, similarity=each.similarity)
        for each in near_duplicates.near_duplicates(examples)
    ]
