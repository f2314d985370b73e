"""Each classifier stands on one model; those that there are, on the only one there was.

A column with a constant default rewrites no row, and the version that serves meanwhile goes on
making classifiers without it. Only the lock is waited for, and not for long.
"""

from django.db import migrations, models

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"


class Migration(migrations.Migration):
    dependencies = [("teaching", "0002_storage")]

    operations = [
        migrations.RunSQL(LOCK_TIMEOUT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="classifier",
            name="backbone",
            field=models.CharField(db_default="efficientnet-lite0 2", max_length=150),
        ),
        # Backwards, the first thing is again the limit of the lock.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK_TIMEOUT),
    ]
