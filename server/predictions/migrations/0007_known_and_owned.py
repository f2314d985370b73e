"""Whether a picture is like what the model knows, and versions of models that somebody taught.

Safe while the version before still serves: what it inserts is known, and of nobody's own. Locks are
waited for, and not for long. On the way back, versions that two people called alike are told apart.
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
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"
TELL_APART = """
UPDATE predictions_modelversion SET version = left(version, 28) || ' ' || owner_id
WHERE owner_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0006_corrected_by_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(LOCK_TIMEOUT, migrations.RunSQL.noop),
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
        migrations.RunSQL(migrations.RunSQL.noop, TELL_APART),
        migrations.RunSQL(OWNER_REFERENCE, DROP_OWNER_REFERENCE),
        # Backwards, the first thing is again the limit of the lock.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK_TIMEOUT),
    ]
