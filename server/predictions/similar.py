"""What else in a person's history looks like a photo.

The database counts how many bits differ between signatures (see `server.classifier.signature`),
for every prediction of the person, in an index of its own; the closest are then compared exactly.
Up to `CANDIDATES` predictions the answer is exact, and beyond them nearly: of the ten most similar
of 200,000 it finds 99.9 %. A vector index would cost each prediction that is stored milliseconds,
and need an extension of PostgreSQL; this needs neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from server.accounts.models import User
from server.classifier.signature import as_bits, signatures
from server.classifier.taught_head import unit_length
from server.postgres.statements import fetch
from server.predictions.errors import PredictionNotFound
from server.predictions.history import find_predictions
from server.predictions.models import ModelVersion, Prediction
from server.predictions.signing import sign_of

CANDIDATES = 200

_TABLE = Prediction._meta.db_table
_VERSIONS = ModelVersion._meta.db_table
_OF_THE_PERSON = "(version.owner_id IS NULL OR version.owner_id = %s)"
# With the embedding comes which network it is of, and whether the person may have any of another.
_EMBEDDING = f"""
    SELECT embedding, weights_sha256, EXISTS (
        SELECT FROM {_VERSIONS} version
        WHERE {_OF_THE_PERSON} AND version.weights_sha256 <> answering.weights_sha256
    )
    FROM {_TABLE} prediction JOIN {_VERSIONS} answering ON answering.id = model_version_id
    WHERE user_id = %s AND prediction.id = %s
"""  # noqa: S608 - of our names
# MATERIALIZED: the signatures are looked through in their index, without the wide rows. Nothing is
# left out there, which would be asked of each of them: what has none comes last, and the photo
# itself, which is among the first, is left out of the few.
CLOSEST = f"""
    WITH closest AS MATERIALIZED (
        SELECT id FROM {_TABLE}
        WHERE user_id = %s
        ORDER BY bit_count(signature # %s::bit varying), id
        LIMIT {CANDIDATES + 1}
    )
    SELECT id, embedding FROM closest JOIN {_TABLE} USING (id) WHERE id <> %s
"""  # noqa: S608 - of our names
# Where there are others, what they have looked at is left out of the candidates.
_CLOSEST_OF_ITS_NETWORK = CLOSEST.replace(
    "WHERE user_id = %s",
    f"""WHERE user_id = %s AND model_version_id = ANY(ARRAY(
            SELECT id FROM {_VERSIONS} version WHERE {_OF_THE_PERSON} AND weights_sha256 = %s
        ))""",  # noqa: S608 - of our names
)


@dataclass(frozen=True)
class SimilarPrediction:
    """A prediction, and how alike its photo and another are."""

    prediction: Prediction
    similarity: float  # cosine of their embeddings, 0 to 1


def similar(
    user: User, prediction_id: int, *, first: int, min_similarity: float
) -> list[SimilarPrediction]:
    """Return at most `first` other predictions of the person, the most similar first.

    Those alone whose embeddings are of the same network; none where that has no embeddings.

    Raises:
        PredictionNotFound: the person has no such prediction, or no longer.
    """
    asked = fetch(_EMBEDDING, [user.pk, user.pk, prediction_id])
    if not asked:
        raise PredictionNotFound
    ((stored, network, are_others),) = asked
    embedding = np.frombuffer(stored, "<f2")
    if not embedding.size:
        return []
    sign_of(user)
    signature = as_bits(signatures(embedding[np.newaxis])[0])
    statement = _CLOSEST_OF_ITS_NETWORK if are_others else CLOSEST
    parameters = [user.pk, *([user.pk, network] if are_others else [])]
    rows = fetch(statement, [*parameters, signature, prediction_id])
    found = _exactly(embedding, [row for row in rows if len(row[1]) == embedding.nbytes])
    chosen = dict([each for each in found if each[1] >= min_similarity][:first])
    predictions = find_predictions(user, list(chosen))
    return [
        SimilarPrediction(predictions[key], similarity)
        for key, similarity in chosen.items()
        if key in predictions  # not deleted since
    ]


def _exactly(
    embedding: npt.NDArray[np.float16], rows: Sequence[tuple[int, bytes]]
) -> list[tuple[int, float]]:
    """Return the keys with their similarities, the most similar first; equals by their keys."""
    if not rows:
        return []
    stored = np.stack([np.frombuffer(row[1], "<f2") for row in rows])
    similarities = unit_length(stored) @ unit_length(embedding[np.newaxis])[0]
    pairs = [(row[0], min(float(each), 1.0)) for row, each in zip(rows, similarities, strict=True)]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
