"""Pages of history by token, whose document is known: answered by the event loop.

An integration that reads a history sends the same document again and again. Its bearer header is
its only identity: sessions, cookies and their protection, pages and files are nothing to it, and
what Django does around the answer takes longer than finding it. So one statement finds the token
and the page; the answer is Django's, header by header. Whatever is unusual about a request is
Django's to tell, as long as nothing was asked. What fails later is told here.
"""

import logging
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest
from django.utils import timezone

from server.accounts.identity import bearer_secret, identity_of
from server.accounts.tokens import is_usable, is_use_to_be_noted, token_digest
from server.api.errors import (
    INTERNAL_ERROR_MESSAGE,
    INTERNAL_SERVER_ERROR,
    ServerBusy,
    extensions,
)
from server.api.http.json_text import decode_json
from server.api.http.packing import encoding_for, packed
from server.api.http.request import graphql_request
from server.api.questions import Question, answer_of, known_question_of
from server.api.remembered import Remembered
from server.front.by_token import PATH, StandingHeaders, plain_headers, raw
from server.front.messages import Answer, Headers, Received
from server.front.page_statements import NotAnswered, NotAsked, Rows, Statements
from server.observability.middleware import tell
from server.observability.request_facts import request_facts
from server.postgres.statements import numbered

MAX_BODY_BYTES = 4 * 1024  # what it asks for is remembered by it
REMEMBERED_BODIES = 256
REMEMBERED_BYTES = 4 * 2**20
MEDIA_TYPES = {b"application/json", b"application/json; charset=utf-8"}
# Connections of a worker, in all fewer than it has threads. Filters have their own: one may
# look through a whole history, and is planned for its values each time.
CONNECTIONS, CONNECTIONS_FOR_FILTERS = 3, 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What a body asks for, whoever sends it: one statement."""

    question: Question
    sql: str
    parameters: tuple[Any, ...]  # but for the digest of the token, which is the last


class Pages:
    """What the front asks first."""

    def __init__(self) -> None:
        self._pages = Statements(CONNECTIONS)
        self._filters = Statements(
            CONNECTIONS_FOR_FILTERS, {"plan_cache_mode": "force_custom_plan"}
        )
        self._wanted: Remembered[bytes, Wanted] = Remembered(REMEMBERED_BODIES, REMEMBERED_BYTES)
        self._standing = StandingHeaders()

    async def open(self) -> None:
        """Connections are opened when they are wanted."""

    async def close(self) -> None:
        """Close the connections to PostgreSQL."""
        await self._pages.close()
        await self._filters.close()

    async def answer(self, request: Received) -> Answer | None:
        """Answer a page; None where Django has to answer, and nothing that matters was done."""
        started = time.perf_counter()
        try:
            asking = self._asking(request, started)
            if asking is None:
                return None
            wanted = asking.wanted
            statements = self._pages if wanted.question.page.has_one_plan else self._filters
            asked = time.perf_counter()
        except Exception:  # noqa: BLE001 - Django meets it again, and tells
            return None
        try:
            rows = await statements.fetch(wanted.sql, [*wanted.parameters, asking.digest])
            return asking.told(rows, (time.perf_counter() - asked) * 1000)
        except NotAsked:
            return None
        except NotAnswered as error:
            logger.warning("PostgreSQL has not answered for a page: %r", error.__cause__)
            gone = ServerBusy()
            return asking.refused(
                HTTPStatus.SERVICE_UNAVAILABLE, gone.message, gone.code, gone.retry_after_seconds
            )
        except Exception:
            logger.exception("A page could not be answered.")
            return asking.refused(
                HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR_MESSAGE, INTERNAL_SERVER_ERROR
            )

    def _asking(self, request: Received, started: float) -> "Asking | None":
        """Return what a request asks for; None where it is another one."""
        body = request.body
        headers = plain_headers(request)
        if (
            headers is None
            or headers.get(b"content-type") not in MEDIA_TYPES
            or not isinstance(body, bytes)
            or not 0 < len(body) <= MAX_BODY_BYTES
        ):
            return None
        wanted = self._wanted.get(body) or self._understood(body)
        standing = self._standing.of(request, headers)
        if wanted is None or standing is None or wanted.question.ready.takes_more:
            return None
        digest = token_digest(bearer_secret(headers[b"authorization"].decode("latin-1")))
        return Asking(headers, wanted, digest, standing, started)

    def _understood(self, body: bytes) -> Wanted | None:
        question = known_question_of(graphql_request(decode_json(body, "The body")))
        if question is None:
            return None
        sql, parameters = question.page.statement_with_token("")
        wanted = Wanted(question, numbered(sql), tuple(parameters[:-1]))
        byte_count = len(body) * 3 + question.ready.byte_count
        return self._wanted.keep(body, wanted, byte_count)


@dataclass(frozen=True)
class Asking:
    """A request for a page, which has been understood."""

    headers: dict[bytes, bytes]
    wanted: Wanted
    digest: str
    standing: Headers
    started: float  # time.perf_counter

    def told(self, rows: Rows, database_ms: float) -> Answer | None:
        """Return the answer in what the statement has found; None where Django has to tell."""
        token, found = self.wanted.question.page.found_with_token(rows)
        now = timezone.now()
        if token is None or not is_usable(token, now) or is_use_to_be_noted(token, now):
            return None
        request = self._request()
        with request_facts(request.META.get("HTTP_X_REQUEST_ID")) as facts:
            facts.queries, facts.database_ms = 1, database_ms
            data = answer_of(self.wanted.question, request, identity_of(token), found)
            if data is None:
                return None
            tell(request, HTTPStatus.OK, facts, self._seconds(), facts.operation)
            return self._answer(HTTPStatus.OK, {"data": data}, facts.request_id)

    def refused(
        self, status: HTTPStatus, message: str, code: str, retry_after_seconds: int | None = None
    ) -> Answer:
        """Return the answer that there is none, and no further try."""
        request = self._request()
        told = extensions(code, retry_after_seconds)
        body = {"errors": [{"message": message, "extensions": told}]}
        with request_facts(request.META.get("HTTP_X_REQUEST_ID")) as facts:
            facts.error_codes.append(code)
            tell(request, status, facts, self._seconds(), "viewer")
            answer = self._answer(status, body, facts.request_id)
            if retry_after_seconds is not None:
                answer.headers.append((b"Retry-After", b"%d" % retry_after_seconds))
            return answer

    def _answer(self, status: HTTPStatus, body: dict[str, Any], request_id: str) -> Answer:
        content = orjson.dumps(body)
        accepted = self.headers.get(b"accept-encoding", b"").decode("latin-1")
        encoding = encoding_for(accepted, len(content))
        particular = [(b"X-Request-Id", raw(request_id))]
        if encoding is not None:
            content = packed(content, encoding)
            particular.append((b"Content-Encoding", raw(encoding)))
        particular.append((b"Content-Length", b"%d" % len(content)))
        return Answer(status.value, self.standing + particular, content)

    def _seconds(self) -> float:
        return time.perf_counter() - self.started

    def _request(self) -> HttpRequest:
        """Return what the log line is written from."""
        request = HttpRequest()
        request.method = "POST"
        request.path = PATH.decode()
        for name in ("X-Request-Id", "X-Forwarded-For"):
            value = self.headers.get(name.lower().encode())
            if value is not None:
                request.META[f"HTTP_{name.upper().replace('-', '_')}"] = value.decode("latin-1")
        return request
