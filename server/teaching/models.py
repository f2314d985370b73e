"""What is stored of the classifiers that people teach. An upload to an example never is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from server.accounts.models import User
from server.predictions.models import Prediction

MAX_CLASSIFIER_NAME_LENGTH = 64
MAX_LABEL_NAME_LENGTH = 100
MAX_DESCRIPTION_LENGTH = 500
MAX_BACKBONE_LENGTH = 150
FIRST_BACKBONE = "efficientnet-lite0 2"


class Classifier(models.Model):
    """Something that somebody teaches. The name is what `predict` asks for."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="classifiers",
        db_index=False,  # the constraint below begins with it
    )
    name = models.CharField(max_length=MAX_CLASSIFIER_NAME_LENGTH)
    description = models.CharField(max_length=MAX_DESCRIPTION_LENGTH)
    created_at = models.DateTimeField(db_default=Now())
    # Name and version of the model it stands on, for good: its examples are embeddings of that.
    # What an earlier version of the service makes stands on the only one it knows.
    backbone = models.CharField(max_length=MAX_BACKBONE_LENGTH, db_default=FIRST_BACKBONE)
    # Counts what changed its labels and examples, but for those that went with their prediction.
    revision = models.PositiveIntegerField(db_default=0)
    current_version = models.ForeignKey(
        "ClassifierVersion", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_classifier_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class ClassifierLabel(models.Model):
    """What a classifier may answer; "something else" is what it says of none of the others."""

    classifier = models.ForeignKey(
        Classifier, on_delete=models.CASCADE, related_name="labels", db_index=False
    )
    name = models.CharField(max_length=MAX_LABEL_NAME_LENGTH)
    is_something_else = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["classifier", "name"], name="one_label_a_name"),
            models.UniqueConstraint(
                fields=["classifier"],
                condition=models.Q(is_something_else=True),
                name="one_something_else",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Example(models.Model):
    """A picture that shows what a label means.

    Either a prediction of the history, with which it goes, or a picture of its own: an upload, or a
    prediction of which it was said that the example is to outlive it.
    """

    classifier = models.ForeignKey(
        Classifier, on_delete=models.CASCADE, related_name="examples", db_index=False
    )
    label = models.ForeignKey(ClassifierLabel, on_delete=models.CASCADE, related_name="examples")
    # The database deletes it with its prediction (see the migration).
    prediction = models.ForeignKey(
        Prediction, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    image_sha256 = models.CharField(max_length=64)  # of the upload, hexadecimal
    # Those of its own; null where the prediction has them.
    embedding = models.BinaryField(null=True)  # float16, little-endian: of the backbone above
    crop = models.BinaryField(null=True)  # a JPEG
    # What the others said of it when the latest version was taught; null where it was not there.
    agreement = models.FloatField(null=True)  # 0 to 1
    is_suspicious = models.BooleanField(db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["classifier", "image_sha256"], name="one_example_a_picture"
            ),
            models.CheckConstraint(
                condition=models.Q(prediction=None, embedding__isnull=False, crop__isnull=False)
                | models.Q(prediction__isnull=False, embedding=None, crop=None),
                name="one_picture_an_example",
            ),
        ]
        indexes = [models.Index(fields=["classifier", "id"], name="examples_in_order")]

    def __str__(self) -> str:
        return f"example {self.pk}"


class ClassifierVersion(models.Model):
    """What was taught at a time. It never changes, and answers as long as it is kept."""

    classifier = models.ForeignKey(
        Classifier, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    sha256 = models.CharField(max_length=64)  # of all that decides an answer, hexadecimal
    backbone = models.CharField(max_length=MAX_BACKBONE_LENGTH)  # as the classifier's
    labels = ArrayField(models.CharField(max_length=MAX_LABEL_NAME_LENGTH))
    something_else = models.PositiveSmallIntegerField(null=True)  # the place of that label
    example_counts = ArrayField(models.PositiveIntegerField())  # of each label
    head = models.BinaryField()  # see `TaughtHead.to_bytes`
    threshold = models.FloatField()  # similarity below which a picture is none of the labels
    temperature = models.FloatField()
    estimated_accuracy = models.FloatField(null=True)  # 0 to 1; null where it would be a guess
    # Examples of one label that were taken for another: [[label, taken for, count], …].
    confusions = models.JSONField()
    # What there was to be taught, so that a change is noticed.
    revision = models.PositiveIntegerField()
    examples_present = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["classifier", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"
