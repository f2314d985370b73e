"""Accounts of a live site as the client's tests need them: sessions, tokens, rows."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
import psycopg2

from harness.site import LiveSite
from scripts.paths import ROOT
from tests.support.api import PASSWORD

TIMEOUT_SECONDS = 30
CREATE_TOKEN = (
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret } }"
)
TOKENS = "{ viewer { apiTokens { id } } }"
REVOKE_TOKEN = (
    "mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { errors { code } } }"
)
LOG_OUT = "mutation { logOut { errors { code } } }"
COUNT = "{ viewer { history { totalCount } } }"
MODEL = "efficientnet-lite0"
# Lazy pictures of rows without one would be answered with 404, so every row has one.
INSERT_ROWS = """
WITH version AS (
  INSERT INTO predictions_modelversion (name, version, labels, license, source, weights_sha256)
  VALUES (%(model)s, '1', '{}', 'Apache-2.0', 'https://example.org', repeat('0', 64))
  ON CONFLICT (name, version, owner_id) DO UPDATE SET version = excluded.version
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
    ), 640, 480, 'JPEG', 100000, repeat('0', 64), 12.5, row.embedding
  FROM version, accounts_user AS account,
    unnest(%(labels)s::text[], %(confidences)s::float[], %(ages)s::float[], %(embeddings)s::bytea[])
      AS row (label, confidence, age, embedding)
  WHERE account.email = %(email)s
  ORDER BY row.age DESC
  RETURNING id
)
INSERT INTO predictions_predictioncrop (prediction_id, webp) SELECT id, %(webp)s FROM stored
"""


@dataclass(frozen=True)
class Row:
    """A prediction to store; `age` is seconds. Without an embedding it looks like no other."""

    label: str
    confidence: float = 0.5
    age: float = 0
    embedding: bytes = b""


@dataclass(frozen=True)
class Account:
    """Somebody who has registered on a site, with a session."""

    site: LiveSite
    email: str
    cookies: dict[str, str]
    password: str = PASSWORD
    headers: Mapping[str, str] = field(default_factory=dict)  # of a proxy before the site

    @cached_property
    def token(self) -> str:
        """The secret of a token that may read and predict, the same each time."""
        return self.new_token()

    def execute(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the data of an operation sent with the session."""
        answer = httpx.post(
            f"{self.site.url}/graphql",
            json={"query": query, "variables": variables or {}},
            cookies=self.cookies,
            headers={**self.headers, "X-CSRFToken": self.cookies["csrftoken"]},
            timeout=TIMEOUT_SECONDS,
        )
        data: dict[str, Any] = answer.json()["data"]
        return data

    def new_token(self) -> str:
        """Return the secret of a token that may read and predict."""
        described = {"name": "elsewhere", "scopes": ["READ", "PREDICT"]}
        return str(self.execute(CREATE_TOKEN, {"input": described})["createApiToken"]["secret"])

    def end_session(self) -> None:
        """Log out, as on another page of the same browser."""
        self.execute(LOG_OUT)

    def revoke_tokens(self) -> None:
        """Revoke every token; the next one that is asked for is a new one."""
        for token in self.execute(TOKENS)["viewer"]["apiTokens"]:
            self.execute(REVOKE_TOKEN, {"input": {"id": token["id"]}})
        self.__dict__.pop("token", None)

    def stored(self) -> int:
        """Return how many answers the history has."""
        return int(self.execute(COUNT)["viewer"]["history"]["totalCount"])

    def status_with(self, token: str) -> int:
        """Return the HTTP status of a query sent with a token alone."""
        answer = httpx.post(
            f"{self.site.url}/graphql",
            json={"query": "{ viewer { email } }"},
            headers={**self.headers, "Authorization": f"Bearer {token}"},
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
            "embeddings": [psycopg2.Binary(row.embedding) for row in rows],
        }
        self._write(INSERT_ROWS, {"model": MODEL, "webp": crop, **columns})

    def _write(self, statement: str, parameters: dict[str, Any]) -> None:
        with _connected(self.site) as cursor:
            cursor.execute(statement, {"email": self.email, **parameters})


def new_accounts(
    site: LiveSite, count: int, *, secret_key: str, headers: Mapping[str, str]
) -> list[Account]:
    """Write accounts into the database of a site, each with a session signed as the site does.

    `headers` are what the site wants to see of the proxy before it.
    """
    answer = subprocess.run(
        [sys.executable, "-m", "tests.support.make_accounts", str(count)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": site.database_url, "SECRET_KEY": secret_key},
        capture_output=True,
        check=True,
        text=True,
    )
    return [Account(site, headers=headers, **described) for described in json.loads(answer.stdout)]


@contextmanager
def _connected(site: LiveSite) -> Iterator[psycopg2.extensions.cursor]:
    connection = psycopg2.connect(site.database_url)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
