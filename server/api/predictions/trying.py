"""An answer without an account, of which nothing is kept."""

import base64
from functools import partial
from typing import Annotated

import strawberry

from server.api.attempt import attempt
from server.api.context import Context, Info
from server.api.model import Model
from server.api.predictions.mutations import ImageInput
from server.api.predictions.scores import (
    DEFAULT_SCORES,
    DESCRIPTION,
    FirstScores,
    LabelScore,
    Score,
    gloss_of,
    score_count,
)
from server.api.user_errors import Payload
from server.classifier.crop import encode_crop
from server.classifier.inference import Answer
from server.predictions.models import ModelVersion
from server.predictions.services import top_scores
from server.predictions.trying import try_out


@strawberry.input(description="What to classify, and how.")
class TryPredictInput:
    """Input of `tryPredict`."""

    image: ImageInput = strawberry.field(
        description="A picture in one of the formats in `limits`; of several, the first."
    )
    model: str | None = strawberry.field(
        default=None, description="The name of one of `models`; the default one where this is null."
    )


@strawberry.type(description="One answer about one photo, of which nothing is kept.")
class TriedAnswer:
    """An answer that is not stored."""

    label: str = strawberry.field(description="The most probable label.")
    confidence: float = strawberry.field(description="The probability of `label`, from 0 to 1.")
    duration_ms: float = strawberry.field(
        description="How long decoding and inference took, in milliseconds, without waiting."
    )
    answer: strawberry.Private[Answer]

    @strawberry.field(description="What `label` means, in a sentence; null where none is known.")
    def description(self) -> str | None:
        """Return the gloss of the label."""
        return gloss_of(self.answer.classification.card.name, self.label)

    @strawberry.field(
        graphql_type=Model, description="The version of the model that gave the answer."
    )
    def model(self) -> ModelVersion:
        """Return the model."""
        card = self.answer.classification.card
        return ModelVersion(name=card.name, version=card.version)

    @strawberry.field(graphql_type=list[Score], description=DESCRIPTION)
    def scores(self, first: FirstScores = DEFAULT_SCORES) -> list[LabelScore]:
        """Return the top scores."""
        gloss = partial(gloss_of, self.answer.classification.card.name)
        return [
            LabelScore(score.label, score.probability, gloss)
            for score in top_scores(self.answer)[: score_count(first)]
        ]

    @strawberry.field(description="The crop that the model saw: a JPEG, as a `data:` URL.")
    def crop_url(self) -> str:
        """Return the crop within the answer, for it is nowhere else."""
        jpeg = encode_crop(self.answer.crop)
        return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


@strawberry.type(description="The answer, which is kept nowhere.")
class TryPredictPayload(Payload):
    """Payload of `tryPredict`."""

    answer: TriedAnswer | None = strawberry.field(
        description="The answer; null when there are errors."
    )


@strawberry.type
class TryMutations:
    """What can be done without an account."""

    @strawberry.mutation(
        description=(
            "Tell what is in a photo, without an account; nothing is kept. "
            "`limits` says how many there are an hour for one network address, if any. "
            "An account has its own quota, and a history: see `predict`."
        )
    )
    def try_predict(
        self,
        info: Info,
        input: Annotated[
            TryPredictInput, strawberry.argument(description="The photo, and how to classify it.")
        ],
    ) -> TryPredictPayload | None:
        """Try."""
        answer, errors = attempt(_try, info.context, input)
        return TryPredictPayload(answer=_told(answer) if answer else None, errors=errors)


def _try(context: Context, input: TryPredictInput) -> Answer:
    return try_out(context.request, input.image.read(), model=input.model)


def _told(answer: Answer) -> TriedAnswer:
    best = top_scores(answer)[0]
    return TriedAnswer(
        label=best.label,
        confidence=best.probability,
        duration_ms=round(answer.duration_ms, 3),
        answer=answer,
    )
