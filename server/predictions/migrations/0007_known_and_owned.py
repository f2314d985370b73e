"""Whether a picture is like what the model knows, and versions of models that somebody taught.

Safe while the version before still serves: what it inserts is known, and of nobody's own.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# As crops are: the rows of the owner's predictions are gone by then, in the same transaction.
OWNER_REFERENCE = """
ALTER TABLE predictions_modelversion
    ADD CONSTRAINT version_belongs_to_owner
    FOREIGN KEY (owner_id) REFERENCES accounts_user (id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED
"""
DROP_OWNER_REFERENCE = """
ALTER TABLE predictions_modelversion DROP CONSTRAINT version_belongs_to_owner
"""


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0006_corrected_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="prediction",
            name="is_known",
            field=models.BooleanField(db_default=True),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.UniqueConstraint(
                fields=("name", "version", "owner"),
                name="one_row_a_version_and_owner",
                nulls_distinct=False,
            ),
        ),
        migrations.RemoveConstraint(
            model_name="modelversion",
            name="one_row_a_model_version",
        ),
        migrations.RunSQL(OWNER_REFERENCE, DROP_OWNER_REFERENCE),
    ]
