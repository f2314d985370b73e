"""Reading predictions of the history again, by another head: from their embeddings, at once.

Any number of predictions is one query and one matrix product.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from server.accounts.models import User
from server.classifier.card import ModelCard
from server.classifier.classifier import Classification
from server.classifier.errors import ModelUnknown
from server.classifier.taught_head import TaughtClassifier
from server.postgres.statements import fetch
from server.predictions.inference import inference
from server.predictions.models import ModelVersion, Prediction
from server.predictions.served import served
from server.teaching.errors import NoSuchThing, NotTrained
from server.teaching.models import MAX_CLASSIFIER_NAME_LENGTH, Classifier
from server.teaching.names import clean_name
from server.teaching.taught import heads

# The person's classifier of the name, if there is one, and which version of it answers, are asked
# in the same look; with each embedding comes which network it is of.
_EMBEDDINGS = f"""
    SELECT classifier.id, classifier.current_version_id,
        prediction.id, prediction.embedding, version.weights_sha256
    FROM (SELECT) AS always
    LEFT JOIN {Classifier._meta.db_table} classifier
        ON classifier.user_id = %s AND classifier.name = %s
    LEFT JOIN {Prediction._meta.db_table} prediction
        ON prediction.user_id = %s AND prediction.id = ANY(%s)
    LEFT JOIN {ModelVersion._meta.db_table} version ON version.id = prediction.model_version_id
"""  # noqa: S608 - of our names

Embeddings = npt.NDArray[np.float16]


def read_as(
    user: User, model: str, prediction_ids: Sequence[int]
) -> dict[int, Classification | None]:
    """Return what a model of the name says of predictions of a person, by their keys.

    None of those that it can't read: another network has made their embeddings, or none.

    Raises:
        ModelUnknown: neither a model nor one of the person's classifiers is called so.
        NotTrained: the classifier has no version that could answer.
        ModelRetired: the model that it stands on is served no more.
        ModelNotReady: see `server.classifier.errors`.
    """
    name = clean_name(model, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    if name is None:
        raise ModelUnknown(model)
    rows = fetch(_EMBEDDINGS, [user.pk, name, user.pk, list(prediction_ids)])
    classifier_id, version_id = rows[0][:2]
    found = [row[2:] for row in rows if row[2] is not None]
    if classifier_id is None:
        card = served().named(name)
        return _told(found, card, partial(_read_by_model, name))
    if version_id is None:
        raise NotTrained(name)
    try:
        taught = heads.of_version(version_id)
    except NoSuchThing as error:  # deleted since the statement before
        raise ModelUnknown(name) from error
    return _told(found, taught.card.backbone, partial(read_by, taught))


def _told(
    rows: Sequence[Sequence[Any]],
    card: ModelCard,
    read: Callable[[Sequence[Sequence[Any]]], dict[int, Classification]],
) -> dict[int, Classification | None]:
    """Read those of the rows that are of the network of a model."""
    readable = [row for row in rows if row[1] and row[2] == card.weights_sha256]
    return dict.fromkeys(row[0] for row in rows) | read(readable)


def read_by(taught: TaughtClassifier, rows: Sequence[Sequence[Any]]) -> dict[int, Classification]:
    """Return what a taught classifier says of rows of a key and an embedding, by their keys."""
    if not rows:
        return {}
    embeddings = embeddings_of(rows)
    reading = taught.head.read(embeddings)
    return {
        row[0]: Classification(
            card=taught.card,
            probabilities=reading.probabilities[place],
            embedding=embeddings[place].astype(np.float32),
            is_known=bool(reading.is_known[place]),
        )
        for place, row in enumerate(rows)
    }


def embeddings_of(rows: Sequence[Sequence[Any]]) -> Embeddings:
    """Return the embeddings, ``(N, E)``, of rows of a key and an embedding, all of one network."""
    return np.stack([np.frombuffer(row[1], "<f2") for row in rows])


def _read_by_model(model: str, rows: Sequence[Sequence[Any]]) -> dict[int, Classification]:
    if not rows:
        return {}
    classifier = inference().classifier(model)
    embeddings = embeddings_of(rows).astype(np.float32)
    probabilities = classifier.read(embeddings)
    return {
        row[0]: Classification(
            card=classifier.card,
            probabilities=probabilities[place],
            embedding=embeddings[place],
        )
        for place, row in enumerate(rows)
    }
