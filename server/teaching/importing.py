"""A classifier from an archive that another account, here or elsewhere, took along."""

from django.db import transaction

from server.accounts.models import User
from server.teaching.archive_reading import read_archive
from server.teaching.archived_version import ArchivedVersion, archived_version
from server.teaching.classifiers import create_classifier
from server.teaching.models import Classifier, ClassifierLabel
from server.teaching.taught import fingerprint


def import_classifier(user: User, archive: bytes, *, name: str) -> Classifier:
    """Make a classifier that answers as the one in an archive. It has the labels, and no example.

    Raises:
        ArchiveInvalid, ArchiveOfAnotherModel, LabelLimitReached: see
            `server.teaching.archived_version`.
        ClassifierNameInvalid, ClassifierNameTaken, ClassifierLimitReached: see
            `server.teaching.errors`.
        AccountGone: the account was deleted.
    """
    return _store(user, name, archived_version(*read_archive(archive)))


@transaction.atomic
def _store(user: User, name: str, archived: ArchivedVersion) -> Classifier:
    classifier = create_classifier(user, name=name, model=archived.backbone.name)
    something_else = archived.head.something_else
    ClassifierLabel.objects.bulk_create(
        ClassifierLabel(
            classifier=classifier, name=label, is_something_else=place == something_else
        )
        for place, label in enumerate(archived.labels)
    )
    backbone = classifier.backbone
    classifier.current_version = classifier.versions.create(
        number=1,
        sha256=fingerprint(archived.head, archived.labels, backbone),
        backbone=backbone,
        labels=list(archived.labels),
        something_else=something_else,
        example_counts=list(archived.example_counts),
        head=archived.head.to_bytes(),
        threshold=archived.head.threshold,
        temperature=archived.temperature,
        estimated_accuracy=archived.estimated_accuracy,
        confusions=[],  # they are of examples, which stay where they are
        revision=classifier.revision,
        examples_present=0,
    )
    classifier.save(update_fields=["current_version"])
    return classifier
