"""Looking for photos that look like another one, as the schema lets it be asked."""

from typing import Annotated

import strawberry

from server.api.arguments import probability, size_of
from server.api.context import ROWS_OF_A_SEARCH, Context
from server.predictions import models
from server.predictions.errors import PredictionNotFound
from server.predictions.similar import SimilarPrediction, similar

DEFAULT_SIMILAR = 5
MAX_SIMILAR = 50

First = Annotated[int | None, strawberry.argument(description=f"How many, at most {MAX_SIMILAR}.")]
MinSimilarity = Annotated[
    float | None, strawberry.argument(description="How alike at least, from 0 to 1.")
]


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
        return similar(user, prediction.pk, first=size, min_similarity=least)
    except PredictionNotFound:  # deleted since it was read
        return []
