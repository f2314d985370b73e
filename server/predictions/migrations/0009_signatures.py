"""The column of signatures, by which a database finds what looks alike.

It may be null and has no default: adding it rewrites nothing, and the version that serves meanwhile
goes on writing rows without it. Only the lock is waited for, and not for long.
"""

from django.db import migrations

from server.predictions.bits_field import BitsField

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0008_predictions_of_a_version"),
    ]

    operations = [
        migrations.RunSQL(LOCK_TIMEOUT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="prediction",
            name="signature",
            field=BitsField(1024, null=True),
        ),
        # Backwards, the first thing is again the limit of the lock.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK_TIMEOUT),
    ]
