"""The index of the history by time, with what a search reads.

It is made beside the one that serves, which goes when the new one is there. One that was
interrupted is invalid: it is dropped, and made again.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

DROP = "DROP INDEX CONCURRENTLY IF EXISTS {}"


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY is refused in a transaction

    dependencies = [
        ("predictions", "0004_file_names_and_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(DROP.format("history_by_time_searched"), migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user", "created_at", "id"],
                include=["confidence", "label", "search_text"],
                name="history_by_time_searched",
            ),
        ),
        RemoveIndexConcurrently(model_name="prediction", name="history_by_time"),
        migrations.RenameIndex(
            model_name="prediction",
            old_name="history_by_time_searched",
            new_name="history_by_time",
        ),
    ]
