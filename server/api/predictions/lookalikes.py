"""Groups of photos that look alike, in the schema."""

from typing import Annotated

import strawberry

from server.accounts.models import User
from server.api.arguments import probability, size_of
from server.api.context import RowBudget
from server.api.errors import ServerBusy
from server.api.predictions.types import Prediction
from server.classifier.errors import Busy
from server.predictions import lookalikes, models

DEFAULT_GROUPS = 10
MAX_GROUPS = 50
DEFAULT_LOOKALIKE = 0.75  # different things of one kind; the same thing again has 0.9 and more

FirstGroups = Annotated[
    int | None, strawberry.argument(description=f"How many, at most {MAX_GROUPS}.")
]


@strawberry.type(description="Photos of the history that look alike.")
class Lookalikes:
    """A group."""

    label: str = strawberry.field(
        description="What most of them are said to be, by corrections and else by the answers."
    )
    least_similarity: float = strawberry.field(
        description="How alike the least similar one is to the first, from 0 to 1."
    )
    predictions: list[models.Prediction] = strawberry.field(
        graphql_type=list[Prediction],
        description="The most typical one, then the others, the most similar first.",
    )


def groups_of(
    user: User, budget: RowBudget, *, first: int | None, min_similarity: float | None
) -> list[Lookalikes]:
    """Return the groups of a person's photos that look alike.

    Raises:
        BadUserInput: an argument is out of its bounds. ServerBusy: there is no turn for it.
    """
    size = size_of("first", first, default=DEFAULT_GROUPS, maximum=MAX_GROUPS)
    least = probability("minSimilarity", min_similarity)
    least = DEFAULT_LOOKALIKE if least is None else least
    budget.spend(lookalikes.GROUPED)
    try:
        groups = lookalikes.lookalikes(user, first=size, min_similarity=least)
    except Busy as error:
        raise ServerBusy("Too much is being looked at; try again in a moment.") from error
    return [
        Lookalikes(
            label=group.label(),
            least_similarity=group.least_similarity,
            predictions=group.predictions,
        )
        for group in groups
    ]
