"""Adding examples: pictures that are uploaded, or predictions of the history."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from server.accounts.errors import QuotaSpent
from server.accounts.models import User
from server.accounts.quota import require_quota, spend
from server.classifier.card import ModelCard
from server.classifier.crop import encode_crop
from server.classifier.errors import ImageError
from server.predictions.crops import read
from server.predictions.errors import CropLost
from server.predictions.inference import inference
from server.predictions.models import Prediction, PredictionCrop
from server.teaching.backbones import backbone_of, is_of
from server.teaching.errors import (
    ExampleKnown,
    ExampleLimitReached,
    ExampleOfAnother,
    ExampleOfAnotherModel,
    NoSuchThing,
    TeachingError,
    Thing,
)
from server.teaching.labels import WantedLabel
from server.teaching.models import Classifier, ClassifierLabel, Example
from server.teaching.owned import hold_classifier, note_change, require_classifier

# What became of each picture: an example, or why it is none.
Outcome = Example | TeachingError | ImageError | QuotaSpent


@dataclass(frozen=True)
class _Picture:
    """What an example is made of: a prediction, or an embedding and a crop of its own."""

    image_sha256: str
    prediction_id: int | None = None
    embedding: bytes | None = None
    crop: bytes | None = None
    is_upload: bool = False


def add_images(
    user: User, classifier_id: int, wanted: WantedLabel, images: Sequence[bytes]
) -> list[Outcome]:
    """Make examples of pictures, each of which costs a prediction of the quota; none is kept.

    One that is refused does not keep the others from being stored. A picture that is an example
    already costs nothing, so a retry is safe.

    Raises:
        NoSuchThing, LabelNameInvalid, SomethingElseTaken, LabelLimitReached: see
            `server.teaching.errors`.
        ModelRetired: the model that it stands on is served no more.
        Busy, ModelNotReady: see `server.classifier.errors`; nothing was stored.
        AccountGone: the account was deleted.
    """
    wanted = wanted.checked()
    classifier = require_classifier(user, classifier_id)
    known = _labels_by_sha256(classifier, [_sha256(image) for image in images])
    backbone = backbone_of(classifier)
    pictures = [_picture_of_image(user, image, wanted, known, backbone) for image in images]
    return _add(user, classifier_id, wanted, pictures)


def add_predictions(
    user: User,
    classifier_id: int,
    wanted: WantedLabel,
    prediction_ids: Sequence[int],
    *,
    outlive: bool = False,
) -> list[Outcome]:
    """Make examples of predictions of the history, which costs nothing of the quota.

    Args:
        user: whose they are.
        classifier_id: what is to be taught.
        wanted: what they show.
        prediction_ids: which they are.
        outlive: whether the examples stay when their predictions are deleted. They then have the
            embedding and the crop for themselves.

    Raises:
        NoSuchThing, LabelNameInvalid, SomethingElseTaken, LabelLimitReached: see
            `server.teaching.errors`.
        ModelRetired: the model that it stands on is served no more.
        CropUnreachable: a crop that was to be kept can't be read just now; nothing was stored.
        AccountGone: the account was deleted.
    """
    wanted = wanted.checked()
    if outlive:
        # Read before anything is held: a crop may lie in a storage elsewhere.
        backbone = backbone_of(require_classifier(user, classifier_id))
        return _add(user, classifier_id, wanted, _copies(user, prediction_ids, backbone))
    return _add(user, classifier_id, wanted, [_PredictionWanted(key) for key in prediction_ids])


@dataclass(frozen=True)
class _PredictionWanted:
    key: int


_Candidate = _Picture | _PredictionWanted | TeachingError | ImageError | QuotaSpent


@transaction.atomic
def _add(
    user: User, classifier_id: int, wanted: WantedLabel, candidates: Sequence[_Candidate]
) -> list[Outcome]:
    classifier = hold_classifier(user, classifier_id)
    pictures = _pictures(user, candidates, classifier)
    hashes = [each.image_sha256 for each in pictures if isinstance(each, _Picture)]
    adding = _Adding(user, classifier, wanted, _labels_by_sha256(classifier, hashes))
    outcomes = [adding.add(each) for each in pictures]
    if adding.label is not None:
        note_change(classifier)
    return outcomes


class _Adding:
    """Adds one picture after the other, within a transaction that holds the account."""

    def __init__(
        self, user: User, classifier: Classifier, wanted: WantedLabel, known: Mapping[str, str]
    ) -> None:
        self.label: ClassifierLabel | None = None
        self._user = user
        self._classifier = classifier
        self._wanted = wanted
        self._known = dict(known)
        self._left = settings.EXAMPLES_PER_ACCOUNT - count_examples(user)

    def add(self, picture: "_Picture | Outcome") -> Outcome:
        if not isinstance(picture, _Picture):
            return picture
        try:
            _require_new(picture.image_sha256, self._wanted.name, self._known)
            if self._left <= 0:
                raise ExampleLimitReached(settings.EXAMPLES_PER_ACCOUNT)
            if picture.is_upload:
                spend(self._user)
        except (TeachingError, QuotaSpent) as error:
            return error
        return self._store(picture)

    def _store(self, picture: _Picture) -> Example:
        if self.label is None:
            self.label = self._wanted.found_or_made(self._classifier)
        example = Example.objects.create(
            classifier=self._classifier,
            label=self.label,
            prediction_id=picture.prediction_id,
            image_sha256=picture.image_sha256,
            embedding=picture.embedding,
            crop=picture.crop,
        )
        self._known[picture.image_sha256] = self.label.name
        self._left -= 1
        # As it is stored, with the moment that the database took, and without its bytes.
        rows = Example.objects.select_related("label").defer("embedding", "crop")
        return rows.get(pk=example.pk)


def count_examples(user: User) -> int:
    """Return how many examples all classifiers of a person have together."""
    return Example.objects.filter(classifier__user=user).count()


def _picture_of_image(
    user: User, image: bytes, wanted: WantedLabel, known: Mapping[str, str], backbone: ModelCard
) -> _Candidate:
    try:
        _require_new(_sha256(image), wanted.name, known)
        require_quota(user)
        answer = inference().classify(image, backbone.name)
    except (TeachingError, QuotaSpent, ImageError) as error:
        return error
    return _Picture(
        image_sha256=answer.image.sha256,
        embedding=answer.classification.embedding.astype("<f2").tobytes(),
        crop=encode_crop(answer.crop),
        is_upload=True,
    )


def _copies(
    user: User, prediction_ids: Sequence[int], backbone: ModelCard
) -> list[_Picture | TeachingError]:
    """Return the predictions as pictures of their own; raises `CropUnreachable`."""
    rows = Prediction.objects.filter(user=user).select_related("crop", "model_version")
    found = rows.defer("model_version__labels").in_bulk(prediction_ids)
    return [_copy(found.get(key), backbone) for key in prediction_ids]


def _copy(prediction: Prediction | None, backbone: ModelCard) -> _Picture | TeachingError:
    if prediction is None:
        return NoSuchThing(Thing.PREDICTION)
    if not is_of(prediction, backbone):
        return ExampleOfAnotherModel()
    try:
        crop = read(prediction.crop)
    except (PredictionCrop.DoesNotExist, CropLost):
        return NoSuchThing(Thing.PREDICTION)
    return _Picture(prediction.image_sha256, embedding=bytes(prediction.embedding), crop=crop)


def _pictures(
    user: User, candidates: Sequence[_Candidate], classifier: Classifier
) -> list[_Picture | Outcome]:
    """Return the candidates with predictions looked up, in one query."""
    keys = [each.key for each in candidates if isinstance(each, _PredictionWanted)]
    found: dict[int, _Picture | TeachingError] = {}
    if keys:
        network = backbone_of(classifier).weights_sha256
        rows = Prediction.objects.filter(user=user, pk__in=keys)
        columns = ("pk", "image_sha256", "model_version__weights_sha256")
        found = {
            key: _Picture(image_sha256, prediction_id=key)
            if weights_sha256 == network
            else ExampleOfAnotherModel()
            for key, image_sha256, weights_sha256 in rows.values_list(*columns)
        }
    return [
        found.get(each.key, NoSuchThing(Thing.PREDICTION))
        if isinstance(each, _PredictionWanted)
        else each
        for each in candidates
    ]


def _labels_by_sha256(classifier: Classifier, hashes: Sequence[str]) -> dict[str, str]:
    """Return of which label each picture is an example, where it is one."""
    rows = Example.objects.filter(classifier=classifier, image_sha256__in=hashes)
    return dict(rows.values_list("image_sha256", "label__name"))


def _require_new(image_sha256: str, label: str, known: Mapping[str, str]) -> None:
    if image_sha256 in known:
        raise (ExampleKnown if known[image_sha256] == label else ExampleOfAnother)(
            known[image_sha256]
        )


def _sha256(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest()
