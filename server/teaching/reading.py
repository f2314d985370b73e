"""Reading predictions of the history again, by another head: from their embeddings, at once.

Any number of predictions is one query and one matrix product.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from server.accounts.models import User
from server.classifier.card import MODEL_CARDS
from server.classifier.classifier import Classification
from server.classifier.errors import ModelUnknown
from server.classifier.taught_head import TaughtClassifier
from server.postgres.statements import fetch
from server.predictions.inference import inference
from server.predictions.models import Prediction
from server.teaching.errors import NoSuchThing, NotTrained
from server.teaching.models import MAX_CLASSIFIER_NAME_LENGTH, Classifier
from server.teaching.names import clean_name
from server.teaching.taught import heads

_EMBEDDINGS = f"""
    SELECT prediction.id, prediction.embedding
    FROM {Prediction._meta.db_table} prediction
    WHERE prediction.user_id = %s AND prediction.id = ANY(%s)
"""  # noqa: S608 - of our names
# Which version answers is asked in the same look.
_EMBEDDINGS_AND_VERSION = f"""
    SELECT classifier.current_version_id, prediction.id, prediction.embedding
    FROM {Classifier._meta.db_table} classifier
    LEFT JOIN {Prediction._meta.db_table} prediction
        ON prediction.user_id = classifier.user_id AND prediction.id = ANY(%s)
    WHERE classifier.user_id = %s AND classifier.name = %s
"""  # noqa: S608 - of our names

Embeddings = npt.NDArray[np.float16]


def read_as(user: User, model: str, prediction_ids: Sequence[int]) -> dict[int, Classification]:
    """Return what a model of the name says of predictions of a person, by their keys.

    Raises:
        ModelUnknown: neither a built-in model nor one of the person's classifiers is called so.
        NotTrained: the classifier has no version that could answer.
        ModelNotReady: see `server.classifier.errors`.
    """
    if model in MODEL_CARDS:
        return _read_by_built_in(model, fetch(_EMBEDDINGS, [user.pk, list(prediction_ids)]))
    name = clean_name(model, max_length=MAX_CLASSIFIER_NAME_LENGTH)
    if name is None:
        raise ModelUnknown(model)
    rows = fetch(_EMBEDDINGS_AND_VERSION, [list(prediction_ids), user.pk, name])
    if not rows:
        raise ModelUnknown(name)
    version_id = rows[0][0]
    if version_id is None:
        raise NotTrained(name)
    try:
        taught = heads.of_version(version_id)
    except NoSuchThing as error:  # deleted since the statement before
        raise ModelUnknown(name) from error
    return read_by(taught, [row[1:] for row in rows if row[1] is not None])


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
    """Return the embeddings, ``(N, 1280)``, of rows of a key and an embedding."""
    return np.stack([np.frombuffer(row[1], "<f2") for row in rows])


def _read_by_built_in(model: str, rows: Sequence[Sequence[Any]]) -> dict[int, Classification]:
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
