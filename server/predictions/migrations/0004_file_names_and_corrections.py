"""Names of files and corrections.

The columns may be null and have no default: adding them rewrites nothing, and the version that
serves meanwhile goes on writing rows without them. Only the lock is waited for, and not for long:
whoever comes after it waits too.
"""

from django.db import migrations, models

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"


class Migration(migrations.Migration):
    dependencies = [
        ("predictions", "0003_order_by_creation"),
    ]

    operations = [
        migrations.RunSQL(LOCK_TIMEOUT, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="prediction",
            name="file_name",
            field=models.CharField(max_length=150, null=True),
        ),
        migrations.AddField(
            model_name="prediction",
            name="correction",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AddField(
            model_name="prediction",
            name="corrected_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="prediction",
            name="search_text",
            field=models.TextField(null=True),
        ),
        # Backwards, the first thing is again the limit of the lock.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK_TIMEOUT),
    ]
