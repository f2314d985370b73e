"""Moving crops between the database and object storage, while both are in use."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from server.predictions import object_storage
from server.predictions.crops import BATCH_OBJECTS, new_keys
from server.predictions.errors import CropLost
from server.predictions.models import ObjectToDelete, PredictionCrop


@dataclass(frozen=True)
class Moved:
    """What became of a batch: how many were moved, and of which predictions the crop is lost."""

    count: int
    lost: list[int]


def move_to_storage() -> Iterator[Moved]:
    """Move every crop out of the database, a batch at a time, the oldest first.

    Raises:
        CropUnreachable: the storage does not answer; what is moved stays so.
    """
    last = 0
    while batch := _batch(Q(webp__isnull=False), last):
        last = batch[-1].pk
        keys = new_keys(len(batch))
        for crop, key in zip(batch, keys, strict=True):
            object_storage.put(key, bytes(crop.webp or b""))
        yield Moved(sum(map(_name_object, batch, keys)), [])


def move_to_database() -> Iterator[Moved]:
    """Move every crop back; an object that is lost stays named by its row, and is told.

    Raises:
        CropUnreachable: the storage does not answer; what is moved stays so.
    """
    last = 0
    while batch := _batch(Q(object_key__isnull=False), last):
        last = batch[-1].pk
        lost, moved = [], 0
        for crop in batch:
            try:
                key = str(crop.object_key)
                moved += _take_back(crop, key, object_storage.get(key))
            except CropLost:
                lost.append(crop.pk)
        yield Moved(moved, lost)


def _batch(which: Q, after: int) -> list[PredictionCrop]:
    return list(PredictionCrop.objects.filter(which, pk__gt=after).order_by("pk")[:BATCH_OBJECTS])


@transaction.atomic
def _name_object(crop: PredictionCrop, key: str) -> int:
    """Let the row name the object; 0 where the prediction was deleted meanwhile."""
    rows = PredictionCrop.objects.filter(pk=crop.pk, object_key=None)
    named = rows.update(webp=None, object_key=key)
    if named:
        ObjectToDelete.objects.filter(pk=key).delete()
    return named


@transaction.atomic
def _take_back(crop: PredictionCrop, key: str, content: bytes) -> int:
    """Put the picture into the row, and let the object be deleted; 0 where the row is gone."""
    rows = PredictionCrop.objects.filter(pk=crop.pk, object_key=key)
    taken = rows.update(webp=content, object_key=None)
    if taken:
        ObjectToDelete.objects.create(object_key=key, due_at=Now())
    return taken
