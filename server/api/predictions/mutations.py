"""Making and deleting predictions."""

from typing import Annotated

import strawberry

from server.accounts import models
from server.api.attempt import attempt
from server.api.context import Info
from server.api.node import global_id, key_of
from server.api.predictions.base64_text import decode_base64
from server.api.predictions.history import PredictionEdge, edge_of
from server.api.predictions.types import Prediction
from server.api.scalars import Upload
from server.api.user_errors import Payload
from server.predictions import services
from server.predictions.errors import PredictionNotFound
from server.predictions.models import MAX_FILE_NAME_LENGTH
from server.predictions.models import Prediction as PredictionRow
from server.teaching import predicting


@strawberry.input(one_of=True, description="An image, in one of two ways.")
class ImageInput:
    """An upload or base64."""

    upload: Upload | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "A file of a multipart request: the bytes as they are. The part needs no file name."
        ),
    )
    base64: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "The bytes in base64, in the usual or the URL-safe alphabet but not in both, with its "
            "padding or without. Line breaks are passed over, blanks are not; "
            "a `data:` URL is taken as well."
        ),
    )

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            Base64Invalid: the text is not base64.
        """
        return self.upload.content if self.upload else decode_base64(self.base64 or "")


@strawberry.input(description="What to classify, and how.")
class PredictInput:
    """Input of `predict`."""

    image: ImageInput = strawberry.field(
        description="A picture in one of the formats in `limits`; of several, the first."
    )
    model: str | None = strawberry.field(
        default=None,
        description=(
            "The name of one of `models`, or of a classifier of yours; "
            "the default model where this is null."
        ),
    )
    idempotency_key: str | None = strawberry.field(
        default=None,
        description=(
            "A text of your own, 1 to 255 characters, that makes a retry safe: "
            "the same key with the same image gets the first answer again and costs no quota."
        ),
    )
    file_name: str | None = strawberry.field(
        default=None,
        description=(
            "The name of the photo's file, to find the answer by. Of a path only the last part is "
            f"kept, of a long name {MAX_FILE_NAME_LENGTH} characters. A name that stands in a part "
            "of a multipart request is not looked at: only what is said here is kept."
        ),
    )


@strawberry.type(description="The prediction, as it was stored.")
class PredictPayload(Payload):
    """Payload of `predict`."""

    prediction: PredictionRow | None = strawberry.field(
        graphql_type=Prediction | None, description="The prediction; null when there are errors."
    )

    @strawberry.field(description="The same with its place in the whole history, the latest first.")
    def prediction_edge(self) -> PredictionEdge | None:
        """Return the edge that a client puts before those that it has."""
        return edge_of(self.prediction) if self.prediction else None


@strawberry.input(description="Which prediction to delete.")
class DeletePredictionInput:
    """Input of `deletePrediction`."""

    id: strawberry.ID = strawberry.field(description="The id of the prediction.")


@strawberry.type(description="The prediction and its crop are gone.")
class DeletePredictionPayload(Payload):
    """Payload of `deletePrediction`."""

    deleted_id: strawberry.ID | None = strawberry.field(
        description="The id it had; null when there are errors."
    )


@strawberry.type(description="The history is empty.")
class ClearHistoryPayload(Payload):
    """Payload of `clearHistory`."""

    deleted_count: int = strawberry.field(description="How many predictions were deleted.")


@strawberry.type
class PredictionMutations:
    """Mutations of predictions."""

    @strawberry.mutation(
        description=(
            "Tell what is in a photo, and keep the answer in the history. "
            "Needs a session or a token with the scope PREDICT."
        )
    )
    def predict(
        self,
        info: Info,
        input: Annotated[
            PredictInput, strawberry.argument(description="The photo, and how to classify it.")
        ],
    ) -> PredictPayload | None:
        """Predict."""
        user = info.context.predictor()
        row, errors = attempt(_predict, user, input)
        return PredictPayload(prediction=row, errors=errors)

    @strawberry.mutation(
        description=(
            "Delete a prediction with its crop, for good. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def delete_prediction(
        self,
        info: Info,
        input: Annotated[
            DeletePredictionInput, strawberry.argument(description="Which prediction to delete.")
        ],
    ) -> DeletePredictionPayload | None:
        """Delete one prediction."""
        user = info.context.manager()
        deleted_id, errors = attempt(_delete, user, input.id)
        return DeletePredictionPayload(deleted_id=deleted_id, errors=errors)

    @strawberry.mutation(
        description=(
            "Delete all predictions of the account with their crops, for good. "
            "Needs a session or a token with the scope MANAGE."
        )
    )
    def clear_history(self, info: Info) -> ClearHistoryPayload | None:
        """Delete the whole history."""
        user = info.context.manager()
        return ClearHistoryPayload(deleted_count=services.clear_history(user), errors=[])


def _predict(user: models.User, input: PredictInput) -> PredictionRow:
    return predicting.predict(
        user,
        input.image.read(),
        model=input.model,
        idempotency_key=input.idempotency_key,
        file_name=input.file_name,
    )


def _delete(user: models.User, id: strawberry.ID) -> strawberry.ID:
    key = key_of("Prediction", id)
    if key is None:
        raise PredictionNotFound
    services.delete_prediction(user, key)
    return global_id("Prediction", key)
