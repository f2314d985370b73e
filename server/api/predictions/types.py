"""What the schema tells of a prediction."""

from datetime import datetime
from functools import cache
from typing import Annotated

import strawberry
from django.urls import reverse

from server.api.arguments import bounded
from server.api.models import Model, RememberedVersions, model_of
from server.api.node import Node, global_id
from server.classifier.card import MODEL_CARDS
from server.predictions import models
from server.predictions.services import STORED_SCORES


@strawberry.type(description="One label and how probable it is.")
class Score:
    """A label with its probability."""

    label: str = strawberry.field(description="What may be in the picture.")
    probability: float = strawberry.field(
        description="How probable, from 0 to 1; over all labels of the model the sum is 1."
    )
    model: strawberry.Private[str]

    @strawberry.field(description="What the label means, in a sentence; null where none is known.")
    def description(self) -> str | None:
        """Return the gloss of the label."""
        return _gloss(self.model, self.label)


@strawberry.type(description="The image a prediction is about. The upload itself is never kept.")
class PredictionImage:
    """Facts about the upload, and the crop that was kept."""

    width: int = strawberry.field(description="Width in pixels, once turned upright by EXIF.")
    height: int = strawberry.field(description="Height in pixels, once turned upright by EXIF.")
    format: str = strawberry.field(description="The format by its content, such as `JPEG`.")
    bytes: int = strawberry.field(description="Size of the upload, in bytes.")
    sha256: str = strawberry.field(description="SHA-256 of the upload, hexadecimal.")
    url: str = strawberry.field(
        description=(
            "Path of the 224×224 crop that the model saw, on the host of this API; "
            "its content type says whether it is a JPEG or, of old predictions, a WebP. "
            "Only its owner gets it, by session or by a token with the scope READ."
        )
    )


@strawberry.type(description="One answer about one photo, as it was given.")
class Prediction(Node):
    """A stored prediction."""

    created_at: datetime = strawberry.field(description="When it was made.")
    label: str = strawberry.field(description="The most probable label.")
    confidence: float = strawberry.field(description="The probability of `label`, from 0 to 1.")
    duration_ms: float = strawberry.field(
        description="How long decoding and inference took, in milliseconds, without waiting."
    )
    row: strawberry.Private[models.Prediction]
    versions: strawberry.Private[RememberedVersions]

    @strawberry.field(description="What `label` means, in a sentence; null where none is known.")
    def description(self) -> str | None:
        """Return the gloss of the label."""
        return _gloss(self.row.model_version.name, self.label)

    @strawberry.field(description="The version of the model that gave the answer.")
    def model(self) -> Model:
        """Return the model."""
        version = self.row.model_version
        return model_of(version.name, version.version, self.versions)

    @strawberry.field(description="The most probable labels, the most probable first.")
    def scores(
        self,
        first: Annotated[
            int, strawberry.argument(description=f"How many, at most {STORED_SCORES}.")
        ] = 5,
    ) -> list[Score]:
        """Return the top scores."""
        size = bounded("first", first, maximum=STORED_SCORES)
        model = self.row.model_version.name
        return [
            Score(label=label, probability=value, model=model)
            for label, value in self.row.scores[:size]
        ]

    @strawberry.field(description="The image the prediction is about.")
    def image(self) -> PredictionImage:
        """Return what is known of the image."""
        return PredictionImage(
            width=self.row.image_width,
            height=self.row.image_height,
            format=self.row.image_format,
            bytes=self.row.image_bytes,
            sha256=self.row.image_sha256,
            url=crop_path(self.row.pk),
        )


def _gloss(model: str, label: str) -> str | None:
    card = MODEL_CARDS.get(model)
    return card.gloss_by_label.get(label) if card else None


def crop_path(key: int) -> str:
    """Return the path of a prediction's crop."""
    before, after = _around_the_key()
    return f"{before}{key}{after}"


@cache
def _around_the_key() -> tuple[str, str]:
    """Return the address in two pieces: composing it anew for each row takes its time."""
    before, _, after = reverse("prediction-crop", args=[0]).partition("0")
    return before, after


def prediction_of(row: models.Prediction, versions: RememberedVersions | None = None) -> Prediction:
    """Return a stored prediction as the schema tells it; `versions` are those of its page."""
    return Prediction(
        id=global_id("Prediction", row.pk),
        created_at=row.created_at,
        label=row.label,
        confidence=row.confidence,
        duration_ms=row.duration_ms,
        row=row,
        versions=versions or RememberedVersions([row.model_version_id]),
    )
