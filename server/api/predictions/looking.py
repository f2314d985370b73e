"""What the schema tells of why a photo got its answer, and of what else looks like it."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import strawberry
from django.urls import reverse

from server.accounts.models import User
from server.api.arguments import probability, size_of
from server.api.context import ROWS_OF_A_SEARCH, Context, RowBudget
from server.api.errors import BadUserInput, ServerBusy
from server.classifier.errors import Busy, ModelNotReady, TierError
from server.predictions import lookalikes, models, similar
from server.predictions.errors import CropLost, CropUnreachable, PredictionNotFound
from server.teaching import explaining
from server.teaching.errors import LabelUnknown

if TYPE_CHECKING:
    from server.api.predictions.types import Prediction

DEFAULT_SIMILAR = 5
MAX_SIMILAR = 50
DEFAULT_GROUPS = 10
MAX_GROUPS = 50
DEFAULT_LOOKALIKE = 0.75  # different things of one kind; the same thing again has 0.9 and more
ROWS_OF_A_HEAT_MAP = 100  # 15 ms of the model, of which a request may ask for 0.3 s

First = Annotated[int | None, strawberry.argument(description=f"How many, at most {MAX_SIMILAR}.")]
FirstGroups = Annotated[
    int | None, strawberry.argument(description=f"How many, at most {MAX_GROUPS}.")
]
MinSimilarity = Annotated[
    float | None, strawberry.argument(description="How alike at least, from 0 to 1.")
]
# Told by a type that itself tells of these.
_Prediction = Annotated["Prediction", strawberry.lazy("server.api.predictions.types")]


@strawberry.type(description="Where in a photo a label comes from.")
class HeatMap:
    """How much each place of the crop speaks for a label."""

    label: str = strawberry.field(description="The label it is about.")
    grid: list[list[float]] = strawberry.field(
        description=(
            "Seven rows of seven places each, from the top left: how much what is seen there "
            "speaks for the label over its alternatives. The strongest place is 1, what speaks "
            "against it 0; all are 0 where nothing speaks for it."
        )
    )
    url: str = strawberry.field(
        description=(
            "Path of the same as a smooth picture, a PNG of 224×224 that is laid over the crop. "
            "It is drawn when it is fetched; only the owner gets it, as the crop."
        )
    )


@strawberry.type(description="A prediction whose photo looks like another one's.")
class SimilarPrediction:
    """A prediction, and how alike."""

    prediction: models.Prediction = strawberry.field(
        graphql_type=_Prediction, description="The prediction."
    )
    similarity: float = strawberry.field(
        description="How alike the photos are to the network, from 0 to 1 (of the same photo)."
    )


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
        graphql_type=list[_Prediction],
        description="The most typical one, then the others, the most similar first.",
    )


def heat_map_of(
    context: Context, prediction: models.Prediction, label: str | None
) -> HeatMap | None:
    """Return the heat map of a prediction; None where it can't be told any more.

    Raises:
        BadUserInput: there is no such label. ServerBusy: the model has no turn for it.
    """
    user = context.reader()
    if user is None:
        return None
    context.row_budget.spend(ROWS_OF_A_HEAT_MAP)
    try:
        found = explaining.heat_map_of(user, prediction.pk, label)
    except LabelUnknown as error:
        raise BadUserInput("`label` is none of those of the model that answered.") from error
    except CropLost:
        return None
    except (Busy, ModelNotReady, TierError, CropUnreachable) as error:
        raise ServerBusy("Too much is being looked at; try again in a moment.") from error
    if found is None:
        return None
    path = reverse("prediction-heat-map", args=[prediction.pk])
    return HeatMap(
        label=found.label,
        grid=[[round(float(place), 4) for place in row] for row in found.grid],
        url=f"{path}?{urlencode({'label': found.label})}",
    )


def similar_to(
    context: Context,
    prediction: models.Prediction,
    *,
    first: int | None,
    min_similarity: float | None,
) -> list[SimilarPrediction]:
    """Return what looks like a prediction's photo.

    Raises:
        BadUserInput: an argument is out of its bounds.
    """
    size = size_of("first", first, default=DEFAULT_SIMILAR, maximum=MAX_SIMILAR)
    least = probability("minSimilarity", min_similarity) or 0.0
    user = context.reader()
    if user is None:
        return []
    context.row_budget.spend(ROWS_OF_A_SEARCH + size)
    try:
        found = similar.similar(user, prediction.pk, first=size, min_similarity=least)
    except PredictionNotFound:  # deleted since it was read
        return []
    return [
        SimilarPrediction(prediction=each.prediction, similarity=each.similarity) for each in found
    ]


def groups_of(
    user: User, budget: RowBudget, *, first: int | None, min_similarity: float | None
) -> list[Lookalikes]:
    """Return the groups of a person's photos that look alike.

    Raises:
        BadUserInput: an argument is out of its bounds.
    """
    size = size_of("first", first, default=DEFAULT_GROUPS, maximum=MAX_GROUPS)
    least = probability("minSimilarity", min_similarity)
    least = DEFAULT_LOOKALIKE if least is None else least
    budget.spend(lookalikes.GROUPED)
    return [
        Lookalikes(
            label=group.label(),
            least_similarity=group.least_similarity,
            predictions=group.predictions,
        )
        for group in lookalikes.lookalikes(user, first=size, min_similarity=least)
    ]
