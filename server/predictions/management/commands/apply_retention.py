"""Delete the predictions that are older than PREDICTION_RETENTION_DAYS."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from server.predictions.crops import sweep
from server.predictions.errors import CropUnreachable
from server.predictions.retention import delete_before


class Command(BaseCommand):
    help = "Delete predictions older than PREDICTION_RETENTION_DAYS, in small batches."

    def handle(self, **_options: object) -> None:
        try:
            self._delete_predictions()
        finally:
            self._sweep()

    def _sweep(self) -> None:
        swept = 0
        try:
            while batch := sweep():
                swept += batch
        except CropUnreachable as error:
            raise CommandError("The storage of the crops does not answer.") from error
        if swept:
            self.stdout.write(f"Deleted {swept:,} pictures from the storage.")

    def _delete_predictions(self) -> None:
        days = settings.PREDICTION_RETENTION_DAYS
        if days == 0:
            self.stdout.write("PREDICTION_RETENTION_DAYS is 0: predictions are kept for ever.")
            return
        cutoff = timezone.now() - timedelta(days=days)
        batches = deleted = 0
        for rows in delete_before(cutoff):
            batches += 1
            deleted += rows
        self.stdout.write(
            f"Deleted {deleted:,} predictions from before {cutoff:%Y-%m-%d %H:%M} UTC "
            f"({days} days), in {batches:,} batches."
        )
