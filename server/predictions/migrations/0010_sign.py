"""Signs what was stored without a signature, and makes the index that is looked through.

In batches that commit each by itself: no row is held for long. What the version before stores after
its batch has passed is signed when somebody asks what looks alike.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from server.predictions.signing import sign_all

DROP = "DROP INDEX CONCURRENTLY IF EXISTS signatures_of_a_user"


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
        migrations.RunSQL(DROP, migrations.RunSQL.noop),  # what an interrupted try has left
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(
                fields=["user"], include=["id", "signature"], name="signatures_of_a_user"
            ),
        ),
    ]
