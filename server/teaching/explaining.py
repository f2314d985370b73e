"""Where in a photo a label comes from, for the model or the taught version that answered."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from server.accounts.models import User
from server.classifier.taught_head import TaughtHead
from server.predictions.crops import read
from server.predictions.inference import inference
from server.predictions.models import ModelVersion, Prediction, PredictionCrop
from server.predictions.served import served
from server.teaching.errors import LabelUnknown, ModelRetired, NoSuchThing
from server.teaching.models import ClassifierVersion
from server.teaching.taught import heads

_COLUMNS = (
    "webp",
    "object_key",
    "prediction__label",
    *(
        f"prediction__model_version__{name}"
        for name in ("name", "version", "owner", "weights_sha256")
    ),
)


@dataclass(frozen=True)
class HeatMap:
    """How much each place of a crop speaks for a label: `grid` is `(h, w) float32`, 0 to 1."""

    label: str
    grid: npt.NDArray[np.float32]


@dataclass(frozen=True)
class _Answering:
    """What gave an answer: a built-in model, or a head on one."""

    model: str
    labels: tuple[str, ...]
    head: TaughtHead | None = None


def heat_map_of(user: User, prediction_id: int, label: str | None = None) -> HeatMap | None:
    """Return where a label (None: the answer) of a prediction comes from, computed now.

    None where it can't be told any more, for the prediction, its crop, or what gave the answer is
    gone; or where the network makes no map that its answer is the mean of.

    Raises:
        LabelUnknown: what gave the answer has no such label.
        CropLost, CropUnreachable: see `server.predictions.errors`.
        ModelNotReady, Busy, TierError: see `server.classifier.errors`.
    """
    crops = PredictionCrop.objects.filter(pk=prediction_id, prediction__user=user)
    found = crops.select_related("prediction__model_version").only(*_COLUMNS).first()
    if found is None:
        return None
    answering = _answering(found.prediction)
    if answering is None:
        return None
    label = found.prediction.label if label is None else label
    if label not in answering.labels:
        raise LabelUnknown
    place = answering.labels.index(label)
    pixels = _pixels(read(found))
    if pixels is None:
        return None
    classifier = inference().classifier(answering.model)
    with inference().turn():
        return HeatMap(label, classifier.heat_map(pixels, place, answering.head))


def _pixels(crop: bytes) -> npt.NDArray[np.uint8] | None:
    """Return `(side, side, 3) uint8, RGB` of a stored crop; None where it is damaged."""
    try:
        with Image.open(io.BytesIO(crop)) as picture:
            return np.asarray(picture.convert("RGB"))
    except OSError:
        return None


def _answering(prediction: Prediction) -> _Answering | None:
    version = prediction.model_version
    if version.owner_id is not None:
        return _taught(version)
    card = served().get(version.name)
    if card is None or not card.has_feature_map or card.weights_sha256 != version.weights_sha256:
        return None
    return _Answering(card.name, card.labels)


def _taught(version: ModelVersion) -> _Answering | None:
    number, _, fingerprint = version.version.partition("-")
    versions = ClassifierVersion.objects.filter(
        classifier__user=version.owner_id, number=number, sha256__startswith=fingerprint
    )
    key = versions.values_list("pk", flat=True).first()
    if key is None:
        return None
    try:
        taught = heads.of_version(key)
    except (NoSuchThing, ModelRetired):  # deleted since, or there is nothing to look with
        return None
    if not taught.card.backbone.has_feature_map:
        return None
    return _Answering(taught.card.backbone.name, taught.card.labels, taught.head)
