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
from server.predictions.models import Prediction
from server.predictions.signing import sign_of

CANDIDATES = 200

_TABLE = Prediction._meta.db_table
_EMBEDDING = f"SELECT embedding FROM {_TABLE} WHERE user_id = %s AND id = %s"  # noqa: S608
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


@dataclass(frozen=True)
class SimilarPrediction:
    """A prediction, and how alike its photo and another are."""

    prediction: Prediction
    similarity: float  # cosine of their embeddings, 0 to 1


def similar(
    user: User, prediction_id: int, *, first: int, min_similarity: float
) -> list[SimilarPrediction]:
    """Return at most `first` other predictions of the person, the most similar first.

    Raises:
        PredictionNotFound: the person has no such prediction, or no longer.
    """
    asked = fetch(_EMBEDDING, [user.pk, prediction_id])
    if not asked:
        raise PredictionNotFound
    sign_of(user)
    embedding = np.frombuffer(asked[0][0], "<f2")
    signature = as_bits(signatures(embedding[np.newaxis])[0])
    rows = fetch(CLOSEST, [user.pk, signature, prediction_id])
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
