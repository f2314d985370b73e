"""The index of the few predictions that were corrected."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

DROP = "DROP INDEX CONCURRENTLY IF EXISTS corrected_by_time"


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY is refused in a transaction

    dependencies = [
        ("predictions", "0005_search_by_time"),
    ]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),  # what an interrupted try has left
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user", "created_at", "id"],
                condition=models.Q(correction__isnull=False),
                name="corrected_by_time",
            ),
        ),
    ]
