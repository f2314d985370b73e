"""Tokens that may change and delete what is stored.

Nothing of the table changes. The version before doesn't know the scope and could not list such a
token, so the way back takes it from them.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

FORGET_SCOPE = """
UPDATE accounts_apitoken SET scopes = array_remove(scopes, 'MANAGE') WHERE 'MANAGE' = ANY(scopes)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_spelling_and_forgotten_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("READ", "Read"), ("PREDICT", "Predict"), ("MANAGE", "Manage")],
                    max_length=16,
                ),
                size=None,
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET_SCOPE),
    ]
