"""What other heads say of stored predictions, in the schema."""

from functools import partial

import strawberry

from server.api.context import LEAST_ROWS_OF_A_LOOK, Context
from server.api.errors import BadUserInput, ServerBusy
from server.api.predictions.scores import (
    DEFAULT_SCORES,
    DESCRIPTION,
    FirstScores,
    LabelScore,
    Score,
    gloss_of,
    score_count,
)
from server.classifier.classifier import Classification
from server.classifier.errors import ModelNotReady, ModelUnknown
from server.predictions.services import PROBABILITY_DECIMALS
from server.teaching.errors import ModelRetired, NotTrained
from server.teaching.reading import read_as


@strawberry.type(
    description="What a model or a classifier says of a stored prediction, from its embedding."
)
class Reading:
    """A reading, of which nothing is kept."""

    label: str = strawberry.field(description="The most probable label.")
    confidence: float = strawberry.field(description="The probability of `label`, from 0 to 1.")
    is_known: bool = strawberry.field(
        description=(
            "Whether the picture is like any of the labels: `confidence` compares them alone. "
            "Always so for a built-in model."
        )
    )
    model: str = strawberry.field(description="The name of the model or classifier.")
    version: str = strawberry.field(description="Its version.")
    classification: strawberry.Private[Classification]

    @strawberry.field(graphql_type=list[Score], description=DESCRIPTION)
    def scores(self, first: FirstScores = DEFAULT_SCORES) -> list[LabelScore]:
        """Return the top scores."""
        return [
            LabelScore(
                score.label,
                round(score.probability, PROBABILITY_DECIMALS),
                partial(gloss_of, self.model),
            )
            for score in self.classification.top(score_count(first))
        ]


def told(classification: Classification) -> Reading:
    """Return a reading as the schema tells it."""
    (best,) = classification.top(1)
    return Reading(
        label=best.label,
        confidence=round(best.probability, PROBABILITY_DECIMALS),
        is_known=classification.is_known,
        model=classification.card.name,
        version=classification.card.version,
        classification=classification,
    )


def reading_of(context: Context, prediction_id: int, model: str) -> Reading:
    """Return what a model says of a prediction; it is read with those that came along with it.

    Raises:
        BadUserInput: there is no model of this name, it was not trained, or it can't read this.
        ServerBusy: the model is not loaded yet.
        CostLimitExceeded: the request has asked for much already.
    """
    known = context.readings.setdefault(model, {})
    if prediction_id not in known:
        keys = context.companions(prediction_id)
        context.row_budget.spend(max(len(keys), LEAST_ROWS_OF_A_LOOK))
        try:
            known |= read_as(context.owner(), model, keys)
        except ModelUnknown as error:
            raise BadUserInput("No model has this name, and no classifier of yours.") from error
        except NotTrained as error:
            raise BadUserInput("This classifier has not been trained yet.") from error
        except ModelRetired as error:
            raise BadUserInput(f"It stands on {error.model}, which is served no more.") from error
        except ModelNotReady as error:
            raise ServerBusy("The model is not loaded yet; try again in a moment.") from error
        if prediction_id not in known:
            raise BadUserInput("This prediction was deleted meanwhile.")
    reading = known[prediction_id]
    if reading is None:
        raise BadUserInput("Another network has looked at this photo than the one that reads it.")
    return told(reading)
