"""From the examples of a classifier to a new version of it.

The examples are read, the head trained and the version stored in three steps, so that nobody waits
for the arithmetic. What changed meanwhile is noticed when the version is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Coalesce

from server.accounts.models import User
from server.classifier.head_training import MIN_EXAMPLES, MIN_LABELS, Training, train_head
from server.predictions.inference import inference
from server.teaching.errors import TooFewExamples
from server.teaching.judging import Judgement, judge
from server.teaching.models import Classifier, ClassifierVersion, Example
from server.teaching.owned import hold_classifier, require_classifier
from server.teaching.taught import fingerprint


@dataclass(frozen=True)
class _Row:
    """An example as it is taught with."""

    key: int
    label_key: int
    label: str
    is_something_else: bool
    image_sha256: str
    embedding: bytes


@dataclass(frozen=True)
class _Material:
    """What there is to be taught: the rows of labels that have enough, in the order of labels."""

    revision: int
    examples_present: int
    labels: tuple[str, ...]
    something_else: int | None
    rows: Sequence[_Row]
    places: "np.typing.NDArray[np.intp]"


def train_classifier(user: User, classifier_id: int, *, use: bool = True) -> ClassifierVersion:
    """Teach a classifier with its examples, and return the version that knows them.

    Labels with a single example are left out. Where nothing has changed since the latest version,
    or that one is of later examples than were read here, it is returned and none is made. The
    oldest version beyond those that are kept, and not in use, makes room.

    Args:
        user: whose it is.
        classifier_id: which one.
        use: whether `predict` answers with it from now on.

    Raises:
        TooFewExamples: fewer than two labels have two examples.
        NoSuchThing: the person has no such classifier.
        Busy: see `server.classifier.errors`. AccountGone: the account was deleted.
    """
    material = _read(user, classifier_id)
    with inference().turn():
        embeddings = np.stack([np.frombuffer(row.embedding, "<f2") for row in material.rows])
        training = train_head(embeddings, material.places, something_else=material.something_else)
    return _store(user, classifier_id, material, training, use=use)


def _read(user: User, classifier_id: int) -> _Material:
    classifier = require_classifier(user, classifier_id)
    columns = ("pk", "label_id", "label__name", "label__is_something_else", "image_sha256")
    found = Example.objects.filter(classifier=classifier).values_list(
        *columns, Coalesce("embedding", "prediction__embedding")
    )
    rows = [_Row(*row) for row in found]
    # The same examples teach the same head, byte for byte, in whichever order they came.
    rows.sort(key=attrgetter("label", "image_sha256"))
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.label] = counts.get(row.label, 0) + 1
    labels = tuple(label for label, count in counts.items() if count >= MIN_EXAMPLES)
    if len(labels) < MIN_LABELS:
        raise TooFewExamples(MIN_LABELS, MIN_EXAMPLES)
    place_of = {label: place for place, label in enumerate(labels)}
    taught = [row for row in rows if row.label in place_of]
    something_else = {place_of[row.label] for row in taught if row.is_something_else}
    return _Material(
        revision=classifier.revision,
        examples_present=len(rows),
        labels=labels,
        something_else=next(iter(something_else), None),
        rows=taught,
        places=np.array([place_of[row.label] for row in taught]),
    )


@transaction.atomic
def _store(
    user: User, classifier_id: int, material: _Material, training: Training, *, use: bool
) -> ClassifierVersion:
    classifier = hold_classifier(user, classifier_id)
    latest = classifier.versions.defer("head").order_by("-number").first()
    if latest is not None and latest.revision > material.revision:
        return latest
    judgement = judge(material.labels, material.places, training)
    version = _version(classifier, latest, material, training, judgement)
    _tell_examples(classifier, material, training, judgement)
    if use and classifier.current_version_id != version.pk:
        classifier.current_version = version
        classifier.save(update_fields=["current_version"])
    _make_room(classifier, version)
    return version


def _version(
    classifier: Classifier,
    latest: ClassifierVersion | None,
    material: _Material,
    training: Training,
    judgement: Judgement,
) -> ClassifierVersion:
    present = {"revision": material.revision, "examples_present": material.examples_present}
    sha256 = fingerprint(training.head, material.labels, classifier.backbone)
    if latest is not None and latest.sha256 == sha256:
        ClassifierVersion.objects.filter(pk=latest.pk).update(**present)
        return latest
    version = classifier.versions.create(
        number=latest.number + 1 if latest else 1,
        sha256=sha256,
        backbone=classifier.backbone,
        labels=list(material.labels),
        something_else=material.something_else,
        example_counts=np.bincount(material.places).tolist(),
        head=training.head.to_bytes(),
        threshold=training.head.threshold,
        temperature=training.temperature,
        estimated_accuracy=judgement.estimated_accuracy,
        confusions=judgement.confusions,
        **present,
    )
    version.refresh_from_db(fields=["created_at", "confusions"])  # as the database has them
    return version


def _tell_examples(
    classifier: Classifier, material: _Material, training: Training, judgement: Judgement
) -> None:
    """Note with each example what the others say of it; one that was moved meanwhile is another.

    What is not among them, or has said the same before, is not written anew.
    """
    example = Example._meta.db_table
    statement = f"""
        UPDATE {example} AS example
        SET agreement = now.agreement, is_suspicious = now.is_suspicious
        FROM (
            SELECT
                example.id, told.agreement,
                coalesce(told.is_suspicious, false) AS is_suspicious
            FROM {example} AS example
            LEFT JOIN unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::boolean[])
                AS told (id, label_id, agreement, is_suspicious) USING (id, label_id)
            WHERE example.classifier_id = %s
        ) AS now
        WHERE example.id = now.id
            AND (example.agreement, example.is_suspicious)
                IS DISTINCT FROM (now.agreement, now.is_suspicious)
    """  # noqa: S608 - of our names
    columns: list[list[Any]] = [
        [row.key for row in material.rows],
        [row.label_key for row in material.rows],
        training.agreement.tolist(),
        judgement.is_suspicious.tolist(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*columns, classifier.pk])


def _make_room(classifier: Classifier, version: ClassifierVersion) -> None:
    kept = {version.pk, classifier.current_version_id}
    numbers = classifier.versions.order_by("-number").values_list("pk", flat=True)
    beyond = list(numbers[settings.VERSIONS_PER_CLASSIFIER :])
    unused = [key for key in beyond if key not in kept]
    # One that is in use counts too: the oldest of the others goes in its place.
    if len(unused) < len(beyond):
        within = [key for key in numbers[: settings.VERSIONS_PER_CLASSIFIER] if key not in kept]
        unused += within[-1:]
    classifier.versions.filter(pk__in=unused).delete()
