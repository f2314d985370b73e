"""Correcting many answers at once, and taking their corrections back."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from server.accounts import models
from server.api.arguments import few
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import keys_of
from server.api.predictions.types import Prediction
from server.api.teaching.examples import Example
from server.api.teaching.ids import classifier_key
from server.api.teaching.near_duplicates import (
    NEAR_DUPLICATES,
    NearDuplicate,
    near_duplicates_of,
)
from server.api.user_errors import Payload
from server.predictions import corrections
from server.predictions.models import MAX_CORRECTION_LENGTH
from server.predictions.models import Prediction as PredictionRow
from server.teaching.correcting import correct_all_and_teach
from server.teaching.models import Example as ExampleRow

MAX_IDS = 100  # of a call
_WHICH = f"The ids of the predictions, at most {MAX_IDS}; all are changed or none."


@strawberry.input(description="What several photos show, in place of their answers.")
class CorrectPredictionsInput:
    """Input of `correctPredictions`."""

    predictions: list[strawberry.ID] = strawberry.field(description=_WHICH)
    label: str = strawberry.field(
        description=(
            f"What they all show: 1 to {MAX_CORRECTION_LENGTH} characters. A label of the model is "
            "kept as the model spells it; an answer that says so already is left uncorrected."
        )
    )
    classifier: strawberry.ID | None = strawberry.field(
        default=None,
        description=(
            "The id of a classifier of yours that is to learn them: each becomes an example of "
            "`label` as well, all or none; one that is an example already is moved there. "
            "`trainClassifier` then teaches it."
        ),
    )


@strawberry.input(description="Which corrections to take back.")
class RemoveCorrectionsInput:
    """Input of `removeCorrections`."""

    predictions: list[strawberry.ID] = strawberry.field(description=_WHICH)


@strawberry.type(description="The predictions, with what they are said to show.")
class CorrectPredictionsPayload(Payload):
    """Payload of `correctPredictions`."""

    predictions: list[PredictionRow] = strawberry.field(
        graphql_type=list[Prediction],
        description="The predictions, in their order; none when there are errors.",
    )
    examples: list[ExampleRow] = strawberry.field(
        graphql_type=list[Example],
        description="The examples that they are now; none where no classifier was to learn them.",
    )

    @strawberry.field(description=NEAR_DUPLICATES)
    def near_duplicates(self, info: Info) -> list[NearDuplicate]:
        """Return which of the examples look the same as another."""
        return near_duplicates_of(self.examples, info.context.row_budget)


@strawberry.type(description="The predictions, without corrections.")
class RemoveCorrectionsPayload(Payload):
    """Payload of `removeCorrections`."""

    predictions: list[PredictionRow] = strawberry.field(
        graphql_type=list[Prediction],
        description="The predictions, in their order; none when there are errors.",
    )


@strawberry.type
class ManyCorrectionMutations:
    """Mutations of many corrections."""

    @strawberry.mutation(
        description=(
            "Say what several photos show, such as a group of `lookalikes`, in one go. The answers "
            "as they were given stay. Needs a session or a token with the scope MANAGE."
        )
    )
    def correct_predictions(
        self,
        info: Info,
        input: Annotated[
            CorrectPredictionsInput,
            strawberry.argument(description="Which predictions, and what they show."),
        ],
    ) -> CorrectPredictionsPayload | None:
        """Correct several predictions."""
        user = info.context.manager()
        _bound(info, input.predictions)
        corrected, errors = attempt(_correct, user, input)
        rows, examples = corrected or ([], [])
        return CorrectPredictionsPayload(predictions=rows, examples=examples, errors=errors)

    @strawberry.mutation(
        description=(
            "Take the corrections of several predictions back; where there is none, nothing is "
            "done. Needs a session or a token with the scope MANAGE."
        )
    )
    def remove_corrections(
        self,
        info: Info,
        input: Annotated[
            RemoveCorrectionsInput,
            strawberry.argument(description="Which corrections to take back."),
        ],
    ) -> RemoveCorrectionsPayload | None:
        """Take several corrections back."""
        user = info.context.manager()
        _bound(info, input.predictions)
        rows, errors = attempt(_remove, user, input)
        return RemoveCorrectionsPayload(predictions=rows or [], errors=errors)


def _bound(info: Info, ids: Sequence[strawberry.ID]) -> None:
    few("predictions", ids, maximum=MAX_IDS)
    info.context.row_budget.spend(len(ids))


def _correct(
    user: models.User, input: CorrectPredictionsInput
) -> tuple[list[PredictionRow], list[ExampleRow]]:
    keys = keys_of("Prediction", input.predictions)
    if input.classifier is None:
        return corrections.correct_all(user, keys, input.label), []
    return correct_all_and_teach(user, keys, input.label, classifier_key(input.classifier))


def _remove(user: models.User, input: RemoveCorrectionsInput) -> list[PredictionRow]:
    return corrections.remove_corrections(user, keys_of("Prediction", input.predictions))
