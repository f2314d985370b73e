"""The index of signatures tells which network each is of: those of two are never compared.

The new one is made before the old one goes, and has all that the version that serves meanwhile
reads in that.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_by_version"


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY is refused in a transaction

    dependencies = [("predictions", "0011_crops_in_storage")]

    operations = [
        migrations.RunSQL(DROP, migrations.RunSQL.noop),  # what an interrupted try has left
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user"],
                include=["id", "signature", "model_version"],
                name="signatures_by_version",
            ),
        ),
        RemoveIndexConcurrently(model_name="prediction", name="signatures_of_a_user"),
    ]
