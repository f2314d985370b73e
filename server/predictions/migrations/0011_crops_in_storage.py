"""Crops may lie in object storage.

A column that may be null is added and another may be null from now on: neither rewrites a row, and
the version that serves meanwhile goes on writing pictures into theirs. Only the locks are waited
for, and not for long: whoever comes after them waits too. Before going back, `move_crops --to
database` has to bring all pictures back: where one is not in its row, going back is refused.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"
# However a prediction is deleted: by its owner, with its account, by age, or by hand.
NOTE_OBJECT = """
CREATE FUNCTION predictions_note_object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO predictions_objecttodelete (object_key) VALUES (OLD.object_key)
    ON CONFLICT (object_key) DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_object AFTER DELETE ON predictions_predictioncrop
    FOR EACH ROW WHEN (OLD.object_key IS NOT NULL) EXECUTE FUNCTION predictions_note_object()
"""
DROP_NOTE = """
DROP TRIGGER note_object ON predictions_predictioncrop;
DROP FUNCTION predictions_note_object()
"""


class Migration(migrations.Migration):
    dependencies = [("predictions", "0010_sign")]

    operations = [
        migrations.RunSQL(LOCK_TIMEOUT, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="ObjectToDelete",
            fields=[
                (
                    "object_key",
                    models.CharField(max_length=100, primary_key=True, serialize=False),
                ),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.AddField(
            model_name="predictioncrop",
            name="object_key",
            field=models.CharField(max_length=100, null=True),
        ),
        migrations.AlterField(
            model_name="predictioncrop",
            name="webp",
            field=models.BinaryField(null=True),
        ),
        migrations.RunSQL(NOTE_OBJECT, DROP_NOTE),
        # Backwards, the first thing is again the limit of the lock.
        migrations.RunSQL(migrations.RunSQL.noop, LOCK_TIMEOUT),
    ]
