"""Signs what was stored without a signature, and makes the indexes that are looked through.

In batches that commit each by itself: no row is held for long. What the version before stores after
its batch has passed is signed when somebody asks what looks alike.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from server.predictions.signing import sign_all

DROP = "DROP INDEX CONCURRENTLY IF EXISTS {}"


def sign(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    sign_all()


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY is refused in a transaction, and each batch commits by itself

    dependencies = [
        ("predictions", "0009_signatures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(sign, migrations.RunPython.noop),
        # What an interrupted try has left is dropped, and made again.
        migrations.RunSQL(DROP.format("signatures_of_a_user"), migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user"], include=["id", "signature"], name="signatures_of_a_user"
            ),
        ),
        migrations.RunSQL(DROP.format("unsigned_of_a_user"), migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user", "id"],
                condition=models.Q(signature__isnull=True),
                name="unsigned_of_a_user",
            ),
        ),
    ]
