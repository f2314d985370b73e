"""Where a crop lies: in its row, or in object storage where the operator says so.

An object that no row names is one to delete. So it is noted as that before it is put there, and no
more so by the statement that names it: a process may end anywhere between, and nothing is left
behind. What a deleted row named, however it was deleted, the database notes (see the migration).
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from server.predictions.errors import CropUnreachable
from server.predictions.models import ObjectToDelete, PredictionCrop

NEEDED_WITHIN = timedelta(hours=1)
SWEPT_AT_ONCE = 20  # by whoever deletes; the rest waits for `apply_retention`
BATCH_OBJECTS = 100

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptCrop:
    """A crop on its way into its row: its bytes, or the key of the object that has them."""

    content: bytes | None
    object_key: str | None = None


def keep(jpeg: bytes) -> KeptCrop:
    """Put a crop where it shall lie; a storage that does not answer costs no prediction."""
    if settings.CROP_STORAGE is None:
        return KeptCrop(jpeg)
    from server.predictions import object_storage

    (key,) = new_keys(1)
    try:
        object_storage.put(key, jpeg)
    except CropUnreachable:
        logger.exception("The storage does not take a crop: it stays in the database.")
        return KeptCrop(jpeg)
    return KeptCrop(None, key)


def new_keys(count: int) -> list[str]:
    """Return keys for objects that are deleted unless a row names them within the hour."""
    keys = [f"crops/{secrets.token_hex(16)}.jpg" for _ in range(count)]
    due_at = Now() + NEEDED_WITHIN
    ObjectToDelete.objects.bulk_create(
        ObjectToDelete(object_key=key, due_at=due_at) for key in keys
    )
    return keys


def read(crop: PredictionCrop) -> bytes:
    """Return the picture of a crop; raises `CropLost` or `CropUnreachable`."""
    if crop.object_key is None:
        return bytes(crop.webp or b"")
    if settings.CROP_STORAGE is None:
        raise CropUnreachable
    from server.predictions import object_storage

    return object_storage.get(crop.object_key)


def sweep(limit: int = BATCH_OBJECTS) -> int:
    """Delete some of the objects that no row names any more; return how many.

    Raises:
        CropUnreachable: the storage does not answer; what is left is there the next time.
    """
    if settings.CROP_STORAGE is None:
        return 0
    from server.predictions import object_storage

    deleted: list[str] = []
    unreachable = None
    with transaction.atomic():
        due = ObjectToDelete.objects.filter(due_at__lte=Now()).order_by("due_at", "pk")
        for key in list(
            due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit]
        ):
            try:
                object_storage.delete(key)
            except CropUnreachable as error:
                unreachable = error
                break
            deleted.append(key)
        ObjectToDelete.objects.filter(pk__in=deleted).delete()
    if unreachable is not None:
        raise unreachable
    return len(deleted)


def sweep_some() -> None:
    """Delete a few at once after somebody deleted something; the rest, and failures, wait."""
    try:
        sweep(SWEPT_AT_ONCE)
    except CropUnreachable:
        logger.exception("The storage deletes nothing just now.")
