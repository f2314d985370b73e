"""What the database does for examples that Django's models can't say."""

from django.db import migrations

PREDICTION_REFERENCE = """
ALTER TABLE teaching_example
    ADD CONSTRAINT example_goes_with_prediction
    FOREIGN KEY (prediction_id) REFERENCES predictions_prediction (id) ON DELETE CASCADE
"""
DROP_PREDICTION_REFERENCE = """
ALTER TABLE teaching_example DROP CONSTRAINT example_goes_with_prediction
"""
# Pictures and floats don't compress: EXTERNAL stores them beside the row without trying.
OUT_OF_LINE = """
ALTER TABLE teaching_example ALTER COLUMN embedding SET STORAGE EXTERNAL;
ALTER TABLE teaching_example ALTER COLUMN crop SET STORAGE EXTERNAL;
ALTER TABLE teaching_classifierversion ALTER COLUMN head SET STORAGE EXTERNAL
"""
DEFAULT_STORAGE = """
ALTER TABLE teaching_example ALTER COLUMN embedding SET STORAGE EXTENDED;
ALTER TABLE teaching_example ALTER COLUMN crop SET STORAGE EXTENDED;
ALTER TABLE teaching_classifierversion ALTER COLUMN head SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("teaching", "0001_initial")]

    operations = [
        migrations.RunSQL(PREDICTION_REFERENCE, DROP_PREDICTION_REFERENCE),
        migrations.RunSQL(OUT_OF_LINE, DEFAULT_STORAGE),
    ]
