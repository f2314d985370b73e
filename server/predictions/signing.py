"""Signatures of predictions that were stored without one, by an earlier version.

The migration signs what it finds. While it runs the version before still serves, and what that
stores is signed when somebody asks what looks alike.
"""

from collections.abc import Sequence

import numpy as np

from server.accounts.models import User
from server.classifier.signature import as_bits, signatures
from server.postgres.statements import fetch
from server.predictions.models import Prediction

BATCH = 1_000  # 2.5 MB of embeddings, and about 30 ms

_TABLE = Prediction._meta.db_table
_UNSIGNED = f"SELECT id, embedding FROM {_TABLE} WHERE signature IS NULL"  # noqa: S608
_OF_A_USER = f"{_UNSIGNED} AND user_id = %s ORDER BY id LIMIT {BATCH}"
_AFTER = f"{_UNSIGNED} AND id > %s ORDER BY id LIMIT {BATCH}"
# Nobody is waited for: who holds a row signs it as well, or deletes it.
_SIGN = f"""
    WITH signed AS (SELECT * FROM unnest(%s::bigint[], %s::text[]) AS signed (key, bits)),
    free AS (
        SELECT id FROM {_TABLE} WHERE id IN (SELECT key FROM signed) AND signature IS NULL
        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE {_TABLE} SET signature = signed.bits::bit varying
    FROM signed JOIN free ON free.id = signed.key
    WHERE {_TABLE}.id = signed.key
    RETURNING {_TABLE}.id
"""  # noqa: S608 - of our names


def sign_of(user: User) -> None:
    """Sign what is unsigned of a person, a batch at most: the next question signs the next one."""
    _sign(fetch(_OF_A_USER, [user.pk]))


def sign_all() -> None:
    """Sign whatever is unsigned, in batches by key; each statement commits by itself."""
    key = 0
    while rows := fetch(_AFTER, [key]):
        _sign(rows)
        key = rows[-1][0]


def _sign(rows: Sequence[tuple[int, bytes]]) -> None:
    if not rows:
        return
    by_length: dict[int, list[tuple[int, bytes]]] = {}  # that of each network is its own
    for row in rows:
        by_length.setdefault(len(row[1]), []).append(row)
    for alike in by_length.values():
        embeddings = np.stack([np.frombuffer(row[1], "<f2") for row in alike])
        bits = [as_bits(signature) for signature in signatures(embeddings)]
        fetch(_SIGN, [[row[0] for row in alike], bits])
