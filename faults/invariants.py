"""What has to hold after every fault: each check returns a sentence for everything that broke."""

import base64
from collections import Counter
from collections.abc import Iterable

from faults.database import Database
from faults.load import Acknowledged, Tally

STORED = """SELECT id, user_id, idempotency_key, image_sha256 FROM predictions_prediction
  WHERE idempotency_key IS NOT NULL"""
WITHOUT_CROP = """SELECT p.id FROM predictions_prediction p
  LEFT JOIN predictions_predictioncrop c ON c.prediction_id = p.id
  WHERE c.prediction_id IS NULL OR coalesce(length(c.webp), length(c.object_key), 0) = 0"""
MISCOUNTED = """SELECT u.id, coalesce(d.used, 0), coalesce(p.stored, 0) FROM accounts_user u
  LEFT JOIN (SELECT user_id, sum(predictions) AS used FROM accounts_dailyusage GROUP BY 1) d
    ON d.user_id = u.id
  LEFT JOIN (SELECT user_id, count(*) AS stored FROM predictions_prediction GROUP BY 1) p
    ON p.user_id = u.id
  WHERE coalesce(d.used, 0) <> coalesce(p.stored, 0)"""


def broken(database: Database, acknowledged: Iterable[Acknowledged], tally: Tally) -> list[str]:
    """Return a sentence for each invariant that does not hold."""
    return [
        *_not_exactly_once(database, acknowledged),
        *(f"prediction {row[0]} has no crop" for row in database.rows(WITHOUT_CROP)),
        *(
            f"user {user} has {stored} predictions, but {used} are counted"
            for user, used, stored in database.rows(MISCOUNTED)
        ),
        *(f"a client was shown what is another's: {what}" for what in tally.of_others),
        *(f"an answer is wrong: {what}" for what in tally.wrong),
        *(f"{count} times: {kind}" for kind, count in tally.unclear.items()),
        *([f"{tally.given_up} photos were never answered"] if tally.given_up else []),
    ]


def _not_exactly_once(database: Database, acknowledged: Iterable[Acknowledged]) -> list[str]:
    stored = database.rows(STORED)
    times = Counter((user, key) for _, user, key, _ in stored)
    by_id = {identity: (key, sha256) for identity, _, key, sha256 in stored}
    sentences = [
        f"user {user} has {count} predictions of the key {key}"
        for (user, key), count in times.items()
        if count > 1
    ]
    return sentences + [
        f"the acknowledged {promise.key} is not in the history"
        for promise in acknowledged
        if by_id.get(_row_id(promise.id)) != (promise.key, promise.sha256)
    ]


def _row_id(global_id: str) -> int:
    """Return the number within a Relay id."""
    return int(base64.urlsafe_b64decode(global_id).decode().rpartition(":")[2])
