"""Find the predictions of a version at once, for whoever deletes one.

Built while others write: it takes no lock that a prediction waits for.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("predictions", "0007_known_and_owned")]

    operations = [
        AddIndexConcurrently(
            model_name="prediction",
            index=models.Index(fields=["model_version"], name="predictions_of_a_version"),
        ),
    ]
