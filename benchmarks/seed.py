"""`python -m benchmarks.seed USERS ROWS_EACH DEEP_ROWS`: fill a migrated database with histories.

Run in an environment of its own, the server's: the secrets of tokens are made by the server's code.
"""

import argparse
import json
import sys
from typing import Any

import django

FIRST_MOMENT = "2026-01-01 00:00:00+00"
USERS_WITH_TOKEN = 100  # a sample, from whom the requests come in turn
DEEP_USER = "deep@example.org"

USERS = """
INSERT INTO accounts_user (email, password, is_active, is_staff, is_superuser)
SELECT 'user-' || number || '@example.org', '!', true, false, false
FROM generate_series(1, %(users)s) AS number
"""
# Rows of all users in turn, as they come in, so that those of one user lie far apart. The few first
# labels are the most frequent. An embedding is stored beside its row and no page reads it, so a
# pointer's size stands for it.
PREDICTIONS = """
INSERT INTO predictions_prediction (
    user_id, model_version_id, created_at, label, confidence, scores, image_width, image_height,
    image_format, image_bytes, image_sha256, duration_ms, embedding
)
SELECT
    (%(user_ids)s::bigint[])[1 + number %% %(users)s], %(version)s,
    %(first_moment)s::timestamptz + (20 * number + 10 * random()) * interval '1 second',
    labels[1 + place], confidence,
    (
        SELECT jsonb_agg(jsonb_build_array(
            labels[1 + (place + 37 * rank) %% cardinality(labels)],
            round((confidence / 2 ^ rank)::numeric, 6)::float8
        ) ORDER BY rank)
        FROM generate_series(0, 4 + number %% 6) AS rank
    ),
    640 + number %% 640, 480 + number %% 480, 'JPEG', 80000 + number %% 40000,
    encode(sha256(number::text::bytea), 'hex'),
    round((8 + 20 * random())::numeric, 3)::float8, '\\x00112233445566778899aabbccddeeff0011'
FROM (
    SELECT
        number, %(labels)s::text[] AS labels, (1000 * random() ^ 3)::int %% 1000 AS place,
        round(random()::numeric, 6)::float8 AS confidence
    FROM generate_series(0, %(rows)s - 1) AS number
) AS drawn
"""


def main() -> int:
    """Fill the database if it has no users; print the secrets of new tokens as JSON."""
    parser = argparse.ArgumentParser()
    for name in ("users", "rows_each", "deep_rows"):
        parser.add_argument(name, type=int)
    wanted = parser.parse_args()
    django.setup()
    from server.accounts.models import User

    if not User.objects.exists():
        _fill(wanted.users, wanted.rows_each, wanted.deep_rows)
    print(json.dumps(_new_tokens()))
    return 0


def _fill(users: int, rows_each: int, deep_rows: int) -> None:
    from django.db import connection

    from server.accounts.models import User
    from server.classifier.card import EFFICIENTNET_LITE0 as CARD
    from server.predictions.models import ModelVersion

    version = ModelVersion.objects.create(
        name=CARD.name,
        version=CARD.version,
        labels=list(CARD.labels),
        license=CARD.license,
        source=CARD.source,
        weights_sha256=CARD.weights_sha256,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(USERS, {"users": users})
        everybody = list(User.objects.order_by("pk").values_list("pk", flat=True))
        deep_user = User.objects.create_user(DEEP_USER)
        for owners, rows in ((everybody, users * rows_each), ([deep_user.pk], deep_rows)):
            parameters: dict[str, Any] = {
                "user_ids": owners,
                "users": len(owners),
                "version": version.pk,
                "first_moment": FIRST_MOMENT,
                "labels": list(CARD.labels),
                "rows": rows,
            }
            cursor.execute(PREDICTIONS, parameters)
        cursor.execute("REINDEX TABLE predictions_prediction")
        cursor.execute("VACUUM ANALYZE")


def _new_tokens() -> dict[str, str]:
    """Return secrets by e-mail address: of some users and of the one with the deep history."""
    from server.accounts.models import ApiToken, Scope, User
    from server.accounts.tokens import create_token

    ApiToken.objects.all().delete()
    users = list(User.objects.exclude(email=DEEP_USER).order_by("pk")[:USERS_WITH_TOKEN])
    return {
        user.email: create_token(user, name="bench", scopes=list(Scope), expires_at=None)[1]
        for user in (*users, User.objects.get(email=DEEP_USER))
    }


if __name__ == "__main__":
    sys.exit(main())
