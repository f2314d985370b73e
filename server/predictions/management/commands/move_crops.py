"""Move the crops out of the database into object storage, or back."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from server.predictions.crops import sweep
from server.predictions.errors import CropUnreachable


class Command(BaseCommand):
    help = "Move crops between the database and object storage, in batches; may be stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", choices=("storage", "database"), required=True)

    def handle(self, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        if settings.CROP_STORAGE is None:
            raise CommandError("CROP_BUCKET is not set: there is no storage to move from or to.")
        from server.predictions.moving_crops import move_to_database, move_to_storage

        batches = move_to_storage() if options["to"] == "storage" else move_to_database()
        moved, lost = 0, []
        try:
            for batch in batches:
                moved += batch.count
                lost += batch.lost
            while sweep():
                pass
        except CropUnreachable as error:
            raise CommandError(
                f"The storage does not answer. {moved:,} crops were moved; run it again later."
            ) from error
        self.stdout.write(f"Moved {moved:,} crops into the {options['to']}.")
        if lost:
            named = ", ".join(map(str, lost[:20]))
            raise CommandError(f"{len(lost):,} objects are lost, of the predictions {named}.")
