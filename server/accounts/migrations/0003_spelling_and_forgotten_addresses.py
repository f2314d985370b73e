"""Forget addresses that nothing needs any more.

django-axes kept those of people who mistyped their password. Its tables are emptied and stay: the
version that has it goes on using them until this one serves, and again after a rollback. They are
to be dropped by a later release. And the admin's log named users who are deleted.
"""

from django.db import migrations, models

import server.accounts.spelling

FORGET = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'axes_accessattemptexpiration', 'axes_accessattempt', 'axes_accesslog',
        'axes_accessfailurelog'
    ] LOOP
        IF to_regclass(name) IS NOT NULL THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
    IF to_regclass('django_admin_log') IS NOT NULL THEN
        UPDATE django_admin_log SET object_repr = 'user ' || object_id
        WHERE content_type_id IN (
            SELECT id FROM django_content_type WHERE app_label = 'accounts' AND model = 'user'
        ) AND NOT EXISTS (SELECT FROM accounts_user WHERE id::text = object_id);
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sessions_and_throttle"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="email",
            field=models.EmailField(
                max_length=254,
                unique=True,
                validators=[server.accounts.spelling.validate_email_spelling],
            ),
        ),
        migrations.RunSQL([FORGET], migrations.RunSQL.noop),
    ]
