"""Deleting predictions that have been kept long enough."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from server.accounts.models import User
from server.predictions.models import Prediction

BATCH_ROWS = 500


def delete_before(cutoff: datetime) -> Iterator[int]:
    """Delete every prediction made before `cutoff`, with its crop; yield the size of each batch.

    A batch is a transaction of its own, of one user, read off the index of the history: nobody
    waits for it, and stopping half-way leaves nothing to mend. A row that somebody is just working
    on is left for the next time.
    """
    expired = Prediction.objects.filter(user=OuterRef("pk"), created_at__lt=cutoff)
    users = User.objects.filter(Exists(expired)).order_by("pk").values_list("pk", flat=True)
    # A list, not an open cursor: that would keep its snapshot over all the deleting.
    for user_id in list(users):
        while deleted := _delete_batch(user_id, cutoff):
            yield deleted


@transaction.atomic
def _delete_batch(user_id: int, cutoff: datetime) -> int:
    # Whoever deletes the account, or from its history, holds its row: theirs are left for later.
    owner = User.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=user_id)
    if owner.first() is None:
        return 0
    expired = (
        Prediction.objects.filter(user_id=user_id, created_at__lt=cutoff)
        .order_by("created_at", "pk")
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)[:BATCH_ROWS]
    )
    deleted, _ = Prediction.objects.filter(pk__in=list(expired)).delete()
    return deleted
