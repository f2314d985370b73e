"""Correcting an answer, and taking the correction back."""

from typing import Annotated

import strawberry

from server.accounts import models
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import key_of
from server.api.predictions.types import Prediction
from server.api.teaching.examples import Example
from server.api.teaching.ids import classifier_key
from server.api.teaching.near_duplicates import NearDuplicate, near_duplicates_of
from server.api.user_errors import Payload
from server.predictions import corrections
from server.predictions.errors import PredictionNotFound
from server.predictions.models import MAX_CORRECTION_LENGTH
from server.predictions.models import Prediction as PredictionRow
from server.teaching.correcting import correct_and_teach
from server.teaching.models import Example as ExampleRow


@strawberry.input(description="What a photo shows, in place of the answer.")
class CorrectPredictionInput:
    """Input of `correctPrediction`."""

    id: strawberry.ID = strawberry.field(description="The id of the prediction.")
    label: str = strawberry.field(
        description=(
            "One of the other labels, or words of your own: "
            f"1 to {MAX_CORRECTION_LENGTH} characters. A label of the model is kept as the model "
            "spells it."
        )
    )
    classifier: strawberry.ID | None = strawberry.field(
        default=None,
        description=(
            "The id of a classifier of yours that is to learn it: the prediction becomes an "
            "example of `label` as well, both or neither. `trainClassifier` then teaches it."
        ),
    )


@strawberry.input(description="Which correction to take back.")
class RemoveCorrectionInput:
    """Input of `removeCorrection`."""

    id: strawberry.ID = strawberry.field(description="The id of the prediction.")


@strawberry.type(description="The prediction, with its correction.")
class CorrectPredictionPayload(Payload):
    """Payload of `correctPrediction`."""

    prediction: PredictionRow | None = strawberry.field(
        graphql_type=Prediction | None, description="The prediction; null when there are errors."
    )

    example: ExampleRow | None = strawberry.field(
        graphql_type=Example | None,
        description="The example that it has become; null where no classifier was to learn it.",
    )

    @strawberry.field(
        description=(
            "The example with an earlier one of the classifier that looks the same, as "
            "`correctPredictions` tells it; null where there is none. Compared only when asked for."
        )
    )
    def near_duplicate(self, info: Info) -> NearDuplicate | None:
        """Return whether the example looks the same as an earlier one."""
        if self.example is None:
            return None
        pairs = near_duplicates_of([self.example], info.context.row_budget)
        return pairs[0] if pairs else None


@strawberry.type(description="The prediction, without a correction.")
class RemoveCorrectionPayload(Payload):
    """Payload of `removeCorrection`."""

    prediction: PredictionRow | None = strawberry.field(
        graphql_type=Prediction | None, description="The prediction; null when there are errors."
    )


@strawberry.type
class CorrectionMutations:
    """Mutations of corrections."""

    @strawberry.mutation(
        description=(
            "Say what a photo shows where the answer is wrong; it replaces an earlier correction. "
            "The answer as it was given stays. Needs a session or a token with the scope MANAGE."
        )
    )
    def correct_prediction(
        self,
        info: Info,
        input: Annotated[
            CorrectPredictionInput,
            strawberry.argument(description="Which prediction, and what it is."),
        ],
    ) -> CorrectPredictionPayload | None:
        """Correct a prediction."""
        user = info.context.manager()
        corrected, errors = attempt(_correct, user, input)
        row, example = corrected or (None, None)
        return CorrectPredictionPayload(prediction=row, example=example, errors=errors)

    @strawberry.mutation(
        description=(
            "Take a correction back; where there is none, nothing is done. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def remove_correction(
        self,
        info: Info,
        input: Annotated[
            RemoveCorrectionInput,
            strawberry.argument(description="Which correction to take back."),
        ],
    ) -> RemoveCorrectionPayload | None:
        """Take a correction back."""
        user = info.context.manager()
        row, errors = attempt(_remove, user, input)
        return RemoveCorrectionPayload(prediction=row, errors=errors)


def _correct(
    user: models.User, input: CorrectPredictionInput
) -> tuple[PredictionRow, ExampleRow | None]:
    key = _required_key(input.id)
    if input.classifier is None:
        return corrections.correct(user, key, input.label), None
    return correct_and_teach(user, key, input.label, classifier_key(input.classifier))


def _remove(user: models.User, input: RemoveCorrectionInput) -> PredictionRow:
    return corrections.remove_correction(user, _required_key(input.id))


def _required_key(id: strawberry.ID) -> int:
    key = key_of("Prediction", id)
    if key is None:
        raise PredictionNotFound
    return key
