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
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from server.accounts.identity import bearer_secret, identity_of
from server.accounts.tokens import is_usable, is_use_to_be_noted, token_digest
from server.api.context import Context
from server.api.errors import (
    INTERNAL_ERROR_MESSAGE,
    INTERNAL_SERVER_ERROR,
    ServerBusy,
    extensions,
)
from server.api.http.json_text import decode_json
from server.api.http.packing import encoding_for, packed
from server.api.http.request import graphql_request
from server.api.http.response import json_response, preferred_media_type
from server.api.questions import Question, answer_of, known_question_of
from server.api.remembered import Remembered
from server.front.django import environ_of
from server.front.messages import Answer, Headers, Received
from server.front.page_statements import NotAnswered, NotAsked, Rows, Statements
from server.observability.middleware import tell
from server.observability.request_facts import request_facts
from server.postgres.statements import numbered

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = b"/graphql"
MAX_BODY_BYTES = 4 * 1024  # what it asks for is remembered by it
REMEMBERED_BODIES = 256
REMEMBERED_BYTES = 4 * 2**20
REMEMBERED_PLACES = 64
MAX_PLACE_BYTES = 1024
MEDIA_TYPES = {b"application/json", b"application/json; charset=utf-8"}
# With one of these a request is not a plain one.
UNUSUAL = {b"origin", b"content-encoding", b"transfer-encoding", b"expect", b"upgrade"}
# What the headers of an answer depend on: who is asked for, how, and what is wanted.
PLACE = (b"host", b"x-forwarded-proto", b"accept")
# Connections of a worker, in all fewer than it has threads. Filters have their own: one may
# look through a whole history, and is planned for its values each time.
CONNECTIONS, CONNECTIONS_FOR_FILTERS = 4, 2

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
        self._headers: Remembered[tuple[object, ...], Headers] = Remembered(
            REMEMBERED_PLACES, REMEMBERED_PLACES * MAX_PLACE_BYTES
        )

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
        if (
            request.method != "POST"
            or request.path != PATH
            or request.query_string
            or not isinstance(body, bytes)
            or not 0 < len(body) <= MAX_BODY_BYTES
        ):
            return None
        headers = dict(request.headers)
        authorization = headers.get(b"authorization", b"")
        if (
            len(headers) != len(request.headers)  # a header that came twice
            or not authorization.startswith(b"Bearer ")
            or headers.get(b"content-type") not in MEDIA_TYPES
            or not UNUSUAL.isdisjoint(headers)
        ):
            return None
        wanted = self._wanted.get(body) or self._understood(body)
        standing = self._standing_headers(request, headers)
        if wanted is None or standing is None or wanted.question.ready.takes_more:
            return None
        digest = token_digest(bearer_secret(authorization.decode("latin-1")))
        return Asking(headers, wanted, digest, standing, started)

    def _understood(self, body: bytes) -> Wanted | None:
        question = known_question_of(graphql_request(decode_json(body, "The body")))
        if question is None:
            return None
        sql, parameters = question.page.statement_with_token("")
        wanted = Wanted(question, numbered(sql), tuple(parameters[:-1]))
        byte_count = len(body) * 2 + question.ready.byte_count
        return self._wanted.keep(body, wanted, byte_count)

    def _standing_headers(self, request: Received, headers: dict[bytes, bytes]) -> Headers | None:
        """Return the headers that every such answer has; None where there would be another one.

        They are those that the middlewares put on the first, for they depend on nothing else here.
        """
        place = (request.scheme, *(headers.get(name) for name in PLACE))
        standing = self._headers.get(place)
        if standing is None:
            django_request = WSGIRequest(environ_of(request))
            media_type = preferred_media_type(django_request)
            if media_type is None:
                return None
            django_request.get_host()  # or it raises
            handler: Callable[[HttpRequest], HttpResponse] = partial(_blank, media_type)
            for name in reversed(settings.API_ANSWER_MIDDLEWARE):
                handler = import_string(name)(handler)
            response = handler(django_request)
            if response.status_code != HTTPStatus.OK:  # such as a redirect to https
                return None
            standing = [(_raw(name), _raw(value)) for name, value in response.items()]
            size = sum(len(part or b"") for part in place[1:] if isinstance(part, bytes))
            if size <= MAX_PLACE_BYTES:
                self._headers.keep(place, standing, size)
        return standing


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
            context = Context(request, identity_of(token))
            data = answer_of(self.wanted.question, context, found)
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
        particular = [(b"X-Request-Id", _raw(request_id))]
        if encoding is not None:
            content = packed(content, encoding)
            particular.append((b"Content-Encoding", _raw(encoding)))
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


def _blank(media_type: str, _request: HttpRequest) -> HttpResponse:
    return json_response({}, media_type)


def _raw(text: str) -> bytes:
    return text.encode("latin-1")
