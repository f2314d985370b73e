"""Accounts of a live site as the client's tests need them: sessions, rows, a spent quota."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg2

from tests.support.api import PASSWORD
from tests.support.live_site import ROOT, LiveSite

TIMEOUT_SECONDS = 30
CREATE_TOKEN = (
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret } }"
)
MODEL = "efficientnet-lite0"
# Lazy pictures of rows without one would be answered with 404, so every row has one.
INSERT_ROWS = """
WITH version AS (
  INSERT INTO predictions_modelversion (name, version, labels, license, source, weights_sha256)
  VALUES (%(model)s, '1', '{}', 'Apache-2.0', 'https://example.org', repeat('0', 64))
  ON CONFLICT (name, version) DO UPDATE SET version = excluded.version
  RETURNING id
), stored AS (
  INSERT INTO predictions_prediction (
    user_id, model_version_id, created_at, label, confidence, scores, image_width, image_height,
    image_format, image_bytes, image_sha256, duration_ms, embedding
  )
  SELECT
    account.id, version.id, now() - row.age * interval '1 second', row.label, row.confidence,
    jsonb_build_array(
      jsonb_build_array(row.label, row.confidence), jsonb_build_array('lynx', 0.001)
    ), 640, 480, 'JPEG', 100000, repeat('0', 64), 12.5, ''
  FROM version, accounts_user AS account,
    unnest(%(labels)s::text[], %(confidences)s::float[], %(ages)s::float[])
      AS row (label, confidence, age)
  WHERE account.email = %(email)s
  ORDER BY row.age DESC
  RETURNING id
)
INSERT INTO predictions_predictioncrop (prediction_id, webp) SELECT id, %(webp)s FROM stored
"""
SPEND = """
INSERT INTO accounts_dailyusage (user_id, day, predictions)
SELECT id, (now() AT TIME ZONE 'UTC')::date, %(used)s FROM accounts_user WHERE email = %(email)s
ON CONFLICT (user_id, day) DO UPDATE SET predictions = excluded.predictions
"""


@dataclass(frozen=True)
class Row:
    """A prediction to store; `age` is seconds."""

    label: str
    confidence: float = 0.5
    age: float = 0


@dataclass(frozen=True)
class Account:
    """Somebody who has registered on a site, with a session."""

    site: LiveSite
    email: str
    cookies: dict[str, str]
    password: str = PASSWORD

    def execute(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of an operation sent with the session."""
        answer = httpx.post(
            f"{self.site.url}/graphql",
            json={"query": query, "variables": variables or {}},
            cookies=self.cookies,
            headers={"X-CSRFToken": self.cookies["csrftoken"]},
            timeout=TIMEOUT_SECONDS,
        )
        data: dict[str, Any] = answer.json()["data"]
        return data

    def new_token(self) -> str:
        """Return the secret of a token that may read and predict."""
        described = {"name": "elsewhere", "scopes": ["READ", "PREDICT"]}
        return str(self.execute(CREATE_TOKEN, {"input": described})["createApiToken"]["secret"])

    def status_with(self, token: str) -> int:
        """Return the HTTP status of a query sent with a token alone."""
        answer = httpx.post(
            f"{self.site.url}/graphql",
            json={"query": "{ viewer { email } }"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )
        if answer.status_code == httpx.codes.OK:
            assert answer.json() == {"data": {"viewer": {"email": self.email}}}
        return answer.status_code

    def store(self, rows: list[Row], crop: bytes) -> None:
        """Write rows straight into the database, where the model is not the point."""
        columns = {
            "labels": [row.label for row in rows],
            "confidences": [row.confidence for row in rows],
            "ages": [row.age for row in rows],
        }
        self._write(INSERT_ROWS, {"model": MODEL, "webp": crop, **columns})

    def spend(self, used: int) -> None:
        """Let so many predictions of today be used."""
        self._write(SPEND, {"used": used})

    def _write(self, statement: str, parameters: dict[str, Any]) -> None:
        with _connected(self.site) as cursor:
            cursor.execute(statement, {"email": self.email, **parameters})


def new_accounts(
    site: LiveSite, count: int, variables: Mapping[str, str] | None = None
) -> list[Account]:
    """Write accounts into the database of a site, each with a session.

    `variables` are those of the site's environment that sessions depend on.
    """
    answer = subprocess.run(
        [sys.executable, "-m", "tests.support.make_accounts", str(count)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": site.database_url, **(variables or {})},
        capture_output=True,
        check=True,
        text=True,
    )
    return [Account(site, **described) for described in json.loads(answer.stdout)]


@contextmanager
def _connected(site: LiveSite) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(site.database_url)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
