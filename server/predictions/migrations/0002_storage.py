"""What the database does for predictions that Django's models can't say."""

from django.db import migrations

CROP_REFERENCE = """
ALTER TABLE predictions_predictioncrop
    ADD CONSTRAINT crop_belongs_to_prediction
    FOREIGN KEY (prediction_id) REFERENCES predictions_prediction (id) ON DELETE CASCADE
"""
DROP_CROP_REFERENCE = """
ALTER TABLE predictions_predictioncrop DROP CONSTRAINT crop_belongs_to_prediction
"""
# WebP and float16 don't compress: EXTERNAL stores them beside the row without trying.
OUT_OF_LINE = """
ALTER TABLE predictions_prediction ALTER COLUMN embedding SET STORAGE EXTERNAL;
ALTER TABLE predictions_predictioncrop ALTER COLUMN webp SET STORAGE EXTERNAL
"""
DEFAULT_STORAGE = """
ALTER TABLE predictions_prediction ALTER COLUMN embedding SET STORAGE EXTENDED;
ALTER TABLE predictions_predictioncrop ALTER COLUMN webp SET STORAGE EXTENDED
"""


class Migration(migrations.Migration):
    dependencies = [("predictions", "0001_initial")]

    operations = [
        migrations.RunSQL(CROP_REFERENCE, DROP_CROP_REFERENCE),
        migrations.RunSQL(OUT_OF_LINE, DEFAULT_STORAGE),
    ]
