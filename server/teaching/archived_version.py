"""From the card and the head of an archive to a version; everything about them is checked."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from django.conf import settings

from server.classifier.card import ModelCard
from server.classifier.head_training import MIN_LABELS
from server.classifier.taught_head import TaughtHead, head_from_bytes
from server.predictions.served import served
from server.teaching.archive_format import FORMAT
from server.teaching.errors import (
    ArchiveInvalid,
    ArchiveOfAnotherModel,
    ArchivePart,
    LabelLimitReached,
)
from server.teaching.models import MAX_LABEL_NAME_LENGTH
from server.teaching.names import clean_name

MOST_EXAMPLES = 1_000_000  # that a card may speak of; together
MOST_WEIGHT = 1e6  # so that no sum of them is infinite; what is taught stays below a thousand
LENGTH_TOLERANCE = 1e-3  # of a prototype, whose length is 1
MAX_TEMPERATURE = 1e3


@dataclass(frozen=True, kw_only=True)
class ArchivedVersion:
    """What an archive says a classifier knows, of the embeddings of a model that is served."""

    backbone: ModelCard
    labels: tuple[str, ...]
    example_counts: tuple[int, ...]
    temperature: float
    estimated_accuracy: float | None
    head: TaughtHead


def archived_version(card_text: bytes, head: bytes) -> ArchivedVersion:
    """Return what a card and a head say together.

    Raises:
        ArchiveInvalid: one is no such thing, or they don't belong together.
        ArchiveOfAnotherModel: it reads embeddings of a model that is not served.
        LabelLimitReached: it has more labels than a classifier may.
    """
    try:
        card = orjson.loads(card_text)
        if card["format"] != FORMAT:
            raise ArchiveInvalid(ArchivePart.CARD)
        backbone = _served_backbone(card["backbone"])
        labels = _labels(card["labels"])
        something_else = card["somethingElse"]
        if something_else is not None:
            something_else = _whole(something_else, below=len(labels))
        return ArchivedVersion(
            backbone=backbone,
            labels=labels,
            example_counts=_counts(card["exampleCounts"], len(labels)),
            temperature=_number(card["temperature"], math.ulp(0), MAX_TEMPERATURE),
            estimated_accuracy=(
                None
                if card["estimatedAccuracy"] is None
                else _number(card["estimatedAccuracy"], 0, 1)
            ),
            head=_head(
                head,
                backbone.output_size,
                len(labels),
                _number(card["threshold"], -1, 1),
                something_else,
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveInvalid(ArchivePart.CARD) from error


def _served_backbone(told: Any) -> ModelCard:  # noqa: ANN401 - whatever stands there
    names = tuple(told[key] for key in ("name", "version", "weightsSha256"))
    teachable = served().teachable
    for card in teachable:
        if names == (card.name, card.version, card.weights_sha256):
            return card
    raise ArchiveOfAnotherModel(", ".join(card.backbone for card in teachable))


def _labels(told: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    if not isinstance(told, list) or not all(isinstance(label, str) for label in told):
        raise ArchiveInvalid(ArchivePart.LABELS)
    if len(told) > settings.LABELS_PER_CLASSIFIER:
        raise LabelLimitReached(settings.LABELS_PER_CLASSIFIER)
    names = [clean_name(label, max_length=MAX_LABEL_NAME_LENGTH) for label in told]
    if names != told or len(set(names)) != len(names) or len(names) < MIN_LABELS:
        raise ArchiveInvalid(ArchivePart.LABELS)
    return tuple(told)


def _counts(told: Any, label_count: int) -> tuple[int, ...]:  # noqa: ANN401 - as above
    counts = tuple(_whole(count, below=MOST_EXAMPLES) for count in told)
    if len(counts) != label_count or sum(counts) > MOST_EXAMPLES:
        raise ArchiveInvalid(ArchivePart.CARD)
    return counts


def _whole(told: Any, *, below: int) -> int:  # noqa: ANN401 - as above
    if type(told) is not int or not 0 <= told < below:
        raise ArchiveInvalid(ArchivePart.CARD)
    return told


def _number(told: Any, least: float, most: float) -> float:  # noqa: ANN401 - as above
    if type(told) not in {int, float} or not least <= told <= most:
        raise ArchiveInvalid(ArchivePart.CARD)
    return float(told)


def _head(
    stored: bytes, size: int, label_count: int, threshold: float, something_else: int | None
) -> TaughtHead:
    parts = label_count * (size + 1)
    parts += (label_count - (something_else is not None)) * size
    if len(stored) != parts * np.dtype("<f4").itemsize:
        raise ArchiveInvalid(ArchivePart.HEAD)
    head = head_from_bytes(
        stored, label_count=label_count, threshold=threshold, something_else=something_else
    )
    # What is no number fails every comparison.
    are_bounded = all((np.abs(part) <= MOST_WEIGHT).all() for part in (head.weights, head.bias))
    lengths = np.square(head.prototypes, dtype=np.float64).sum(axis=0)
    if not are_bounded or not (np.abs(lengths - 1) <= LENGTH_TOLERANCE).all():
        raise ArchiveInvalid(ArchivePart.HEAD)
    return head
