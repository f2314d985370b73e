"""What is stored of a prediction. The original upload never is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from server.accounts.models import User
from server.classifier.signature import SIGNATURE_BITS
from server.predictions.bits_field import BitsField

MAX_IDEMPOTENCY_KEY_LENGTH = 255
MAX_FILE_NAME_LENGTH = 150
MAX_CORRECTION_LENGTH = 100


class ModelVersion(models.Model):
    """A version of a classifier that has made predictions; it outlives the model it describes.

    One that somebody taught is its owner's: two people may call theirs alike.
    """

    name = models.CharField(max_length=100)
    version = models.CharField(max_length=50)
    labels = ArrayField(models.TextField())
    license = models.CharField(max_length=100)
    source = models.TextField()
    weights_sha256 = models.CharField(max_length=64)
    # The database deletes it with its owner (see the migration), after the owner's predictions.
    owner = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version", "owner"],
                name="one_row_a_version_and_owner",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Prediction(models.Model):
    """One answer about one photo, as it was given."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="predictions",
        db_index=False,  # the indexes below begin with it
    )
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, db_index=False)
    is_known = models.BooleanField(db_default=True)  # like anything that the model knows
    created_at = models.DateTimeField(db_default=Now())
    label = models.TextField()
    confidence = models.FloatField()  # probability of the label, 0 to 1
    scores = models.JSONField()  # [[label, probability], …], the most probable first
    image_width = models.PositiveIntegerField()  # pixels, as the picture is looked at
    image_height = models.PositiveIntegerField()
    image_format = models.CharField(max_length=10)
    image_bytes = models.PositiveIntegerField()
    image_sha256 = models.CharField(max_length=64)  # of the upload, hexadecimal
    duration_ms = models.FloatField()  # decoding and inference, without waiting
    idempotency_key = models.CharField(max_length=MAX_IDEMPOTENCY_KEY_LENGTH, null=True)  # noqa: DJ001 - none and empty differ
    # Float16, little-endian: as many as the model has, and none where that has no embedding. Which
    # network they are of, `model_version.weights_sha256` tells.
    embedding = models.BinaryField()
    # Of the embedding (`server.classifier.signature`); null where an earlier version stored it.
    signature = BitsField(SIGNATURE_BITS, null=True)
    file_name = models.CharField(max_length=MAX_FILE_NAME_LENGTH, null=True)  # noqa: DJ001 - none was given
    # What the owner says it is; the answer as it was given stays beside it.
    correction = models.CharField(max_length=MAX_CORRECTION_LENGTH, null=True)  # noqa: DJ001 - none was made
    corrected_at = models.DateTimeField(null=True)
    # What a search looks through, where the label in lower case is not all of it.
    search_text = models.TextField(null=True)  # noqa: DJ001 - as above

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "idempotency_key"], name="one_answer_an_idempotency_key"
            )
        ]
        # A history page begins in one of these at its cursor and reads on, in either direction.
        indexes = [
            # It holds what a search reads, which then never touches the wide rows that do not pass.
            models.Index(
                fields=["user", "created_at", "id"],
                include=["confidence", "label", "search_text"],
                name="history_by_time",
            ),
            models.Index(fields=["user", "confidence", "id"], name="history_by_confidence"),
            models.Index(fields=["user", "label", "created_at", "id"], name="history_by_label"),
            models.Index(
                fields=["user", "created_at", "id"],
                condition=models.Q(correction__isnull=False),
                name="corrected_by_time",
            ),
            # Asked whenever a version is deleted, as those of an account are with it.
            models.Index(fields=["model_version"], name="predictions_of_a_version"),
            # All that a look for similar photos reads of the rows it passes over.
            models.Index(
                fields=["user"],
                include=["id", "signature", "model_version"],
                name="signatures_by_version",
            ),
            # Empty but for what an earlier version stores: asked whenever somebody looks.
            models.Index(
                fields=["user", "id"],
                condition=models.Q(signature__isnull=True),
                name="unsigned_of_a_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.confidence:.0%})"


class PredictionCrop(models.Model):
    """The crop the model saw, in a table of its own so that history rows stay narrow."""

    # The database deletes it with its prediction (see the migration), so a history is cleared in
    # one statement and no crop is left behind by any way of deleting.
    prediction = models.OneToOneField(
        Prediction,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="crop",
    )
    # A JPEG; a WebP where an earlier version stored it. The column keeps the name of that time: an
    # earlier version may still serve while this one starts.
    webp = models.BinaryField(null=True)
    # Where the picture is an object of the storage: then the column above is null.
    object_key = models.CharField(max_length=100, null=True)  # noqa: DJ001 - there is no empty key

    def __str__(self) -> str:
        return f"crop of prediction {self.pk}"


class ObjectToDelete(models.Model):
    """An object of the storage that no crop names, or none yet; a trigger notes those of old."""

    object_key = models.CharField(max_length=100, primary_key=True)
    due_at = models.DateTimeField(db_default=Now())  # before, somebody may be about to name it

    def __str__(self) -> str:
        return self.object_key
