"""What the schema tells of a prediction."""

from functools import cache, partial
from typing import Annotated

import strawberry
import strawberry_django
from django.urls import reverse
from strawberry import Parent, auto

from server.api.context import Info
from server.api.model import Model
from server.api.node import Node, id_of_row, same_row
from server.api.predictions.heat_maps import HeatMap, heat_map_of
from server.api.predictions.readings import Reading, reading_of
from server.api.predictions.scores import (
    DEFAULT_SCORES,
    DESCRIPTION,
    FirstScores,
    LabelScore,
    Score,
    gloss_of,
    label_score,
    score_count,
)
from server.api.predictions.similar import DEFAULT_SIMILAR, First, MinSimilarity, similar_to
from server.predictions import models
from server.predictions import similar as similarity


@strawberry_django.type(
    models.Prediction,
    description="The image a prediction is about. The upload itself is never kept.",
)
class PredictionImage:
    """Facts about the upload, and the crop that was kept."""

    width: auto = strawberry_django.field(
        field_name="image_width", description="Width in pixels, once turned upright by EXIF."
    )
    height: auto = strawberry_django.field(
        field_name="image_height", description="Height in pixels, once turned upright by EXIF."
    )
    format: auto = strawberry_django.field(
        field_name="image_format", description="The format by its content, such as `JPEG`."
    )
    bytes: auto = strawberry_django.field(
        field_name="image_bytes", description="Size of the upload, in bytes."
    )
    sha256: auto = strawberry_django.field(
        field_name="image_sha256", description="SHA-256 of the upload, hexadecimal."
    )

    @strawberry_django.field(
        only=["id"],
        description=(
            "Path of the crop that the model saw (the built-in one 224×224 pixels), on the host of "
            "this API; "
            "its content type says whether it is a JPEG or, of old predictions, a WebP. "
            "Only its owner gets it, by session or by a token with the scope READ."
        ),
    )
    @staticmethod
    def url(root: Parent[models.Prediction]) -> str:
        """Return the path of the crop."""
        return crop_path(root.pk)


@strawberry_django.type(
    models.Prediction,
    description="What its owner says a photo shows, where the answer is wrong.",
)
class Correction:
    """The correction of a prediction."""

    label: auto = strawberry_django.field(
        field_name="correction", description="What it is; the words of a label or of the owner's."
    )
    corrected_at: auto = strawberry_django.field(description="When that was said.")

    @strawberry_django.field(
        only=["correction", "model_version__name"],
        description="What `label` means, in a sentence; null where none is known.",
    )
    @staticmethod
    def description(root: Parent[models.Prediction]) -> str | None:
        """Return the gloss of the correction."""
        return gloss_of(root.model_version.name, root.correction or "")


@strawberry_django.type(
    models.Prediction, description="One answer about one photo, as it was given."
)
class Prediction(Node):
    """A stored prediction."""

    id: strawberry.ID = id_of_row("Prediction")
    created_at: auto = strawberry_django.field(description="When it was made.")
    label: auto = strawberry_django.field(description="The most probable label.")
    confidence: auto = strawberry_django.field(
        description="The probability of `label`, from 0 to 1."
    )
    duration_ms: auto = strawberry_django.field(
        description="How long decoding and inference took, in milliseconds, without waiting."
    )
    model: Model = strawberry_django.field(
        field_name="model_version", description="The version of the model that gave the answer."
    )
    is_known: auto = strawberry_django.field(
        description=(
            "Whether the picture is like anything the model knows: `confidence` compares its "
            "labels alone. Always so for a built-in model."
        )
    )
    image: PredictionImage = same_row("The image the prediction is about.")
    file_name: auto = strawberry_django.field(
        description="The name of the photo's file, as `predict` was told; null where it was not."
    )

    @strawberry_django.field(
        graphql_type=Correction | None,
        only=["correction", "corrected_at"],
        description="What its owner says it is instead; null where the answer was not corrected.",
    )
    @staticmethod
    def correction(root: Parent[models.Prediction]) -> models.Prediction | None:
        """Return the correction, which is of the same row."""
        return None if root.correction is None else root

    @strawberry_django.field(
        only=["id"],
        description=(
            "What another model or classifier says of it, from the embedding that is kept: at "
            "once, and without the photo. A page of predictions is read together. Only what stands "
            "on the same network can read it: a classifier taught on the model that answered, "
            "another one on that, or the model; for others this is an error."
        ),
    )
    @staticmethod
    def read_as(
        root: Parent[models.Prediction],
        info: Info,
        model: Annotated[
            str,
            strawberry.argument(description="The name of one of `models`, or of a classifier."),
        ],
    ) -> Reading:
        """Return a reading."""
        return reading_of(info.context, root.pk, model)

    @strawberry_django.field(
        only=["id"],
        description=(
            "Where in the photo a label comes from, computed now; by default for `label`. Null "
            "where the crop, or what gave the answer, is gone, and where that has no heat maps: "
            "see `Model.hasHeatMaps`."
        ),
    )
    @staticmethod
    def heat_map(
        root: Parent[models.Prediction],
        info: Info,
        label: Annotated[
            str | None, strawberry.argument(description="One of the labels of the model.")
        ] = None,
    ) -> HeatMap | None:
        """Return the heat map."""
        return heat_map_of(info.context, root, label)

    @strawberry_django.field(
        graphql_type=list["SimilarPrediction"],
        only=["id"],
        description=(
            "The predictions of the account whose photos look most like this one's, the most "
            "similar first; looked for now. Of those alone that the same network has looked at; "
            "none where that has no embedding."
        ),
    )
    @staticmethod
    def similar(
        root: Parent[models.Prediction],
        info: Info,
        first: First = DEFAULT_SIMILAR,
        min_similarity: MinSimilarity = 0.0,
    ) -> list[similarity.SimilarPrediction]:
        """Return what looks like it."""
        return similar_to(info.context, root, first=first, min_similarity=min_similarity)

    @strawberry_django.field(
        only=["label", "model_version__name"],
        description="What `label` means, in a sentence; null where none is known.",
    )
    @staticmethod
    def description(root: Parent[models.Prediction]) -> str | None:
        """Return the gloss of the label."""
        return gloss_of(root.model_version.name, root.label)

    @strawberry_django.field(
        graphql_type=list[Score],
        only=["scores", "model_version__name"],
        description=DESCRIPTION,
    )
    @staticmethod
    def scores(
        root: Parent[models.Prediction], first: FirstScores = DEFAULT_SCORES
    ) -> list[LabelScore]:
        """Return the top scores."""
        gloss = partial(_gloss_in, root)
        return [
            label_score((label, value, gloss)) for label, value in root.scores[: score_count(first)]
        ]


def _gloss_in(prediction: models.Prediction, label: str) -> str | None:
    return gloss_of(prediction.model_version.name, label)


@strawberry.type(description="A prediction whose photo looks like another one's.")
class SimilarPrediction:
    """A prediction, and how alike."""

    prediction: Prediction = strawberry.field(description="The prediction.")
    similarity: float = strawberry.field(
        description="How alike the photos are to the network, from 0 to 1 (of the same photo)."
    )


def crop_path(key: int) -> str:
    """Return the path of a prediction's crop."""
    before, after = _around_the_key()
    return f"{before}{key}{after}"


@cache
def _around_the_key() -> tuple[str, str]:
    """Return the address in two pieces: composing it anew for each row takes its time."""
    before, _, after = reverse("prediction-crop", args=[0]).partition("0")
    return before, after
