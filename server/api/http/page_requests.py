"""Pages of history by token, answered before Django is asked.

An integration that reads a history sends the same document again and again. Its bearer header is
its only identity: sessions, cookies and their protection, pages and files are nothing to it, and
what Django does around the answer took longer than finding it. Such a request is answered here, or
declined: whatever is unusual about it, and whatever goes wrong, is for Django to tell. Its answer
is the same, header by header.
"""

import io
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from server.accounts.identity import Identity, bearer_secret, identify, identity_of
from server.accounts.tokens import is_usable, is_use_to_be_noted, token_digest
from server.api.compiled.plan import answer_of, known_question_of, question_of
from server.api.compiled.question import Question
from server.api.context import Context
from server.api.http.json_text import decode_json
from server.api.http.request import MAX_LENGTH_DIGITS, GraphQLRequest, graphql_request
from server.api.http.response import json_response, preferred_media_type
from server.api.remembered import Remembered
from server.observability.middleware import tell
from server.observability.request_facts import RequestFacts, request_facts
from server.postgres.nonblocking import Statement
from server.predictions.page_rows import Row

PATH = "/graphql"
MAX_BODY_BYTES = 32 * 1024  # a document and its variables; a picture is larger
REMEMBERED_BODIES = 256
MAX_REMEMBERED_BYTES = 4 * 1024
MEDIA_TYPES = {"application/json", "application/json; charset=utf-8"}
# With one of these a request is not a plain one.
UNUSUAL = ("HTTP_ORIGIN", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "QUERY_STRING")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Answer = tuple[Headers, bytes]
StartResponse = Callable[..., Any]


class PageRequests:
    """A WSGI application in front of Django's."""

    def __init__(self, django: WSGIHandler, request_class: type[WSGIRequest]) -> None:
        """Put it in front of `django`."""
        self._django = django
        self._request_class = request_class
        self._headers: dict[tuple[str, bool], Headers] = {}
        self._questions: Remembered[bytes, Question] = Remembered(REMEMBERED_BODIES)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or pass the request on."""
        if _is_plain(environ):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            close_old_connections()  # as Django does at the beginning of each request
            try:
                page_request = self._page_request(environ, body, question_of)
                answer = page_request.answer() if page_request else None
            except Exception:  # noqa: BLE001 - Django meets it again, and tells
                answer = None
            if answer is not None:
                headers, content = answer
                start_response("200 OK", headers)
                return [content]
        return self._django(environ, start_response)

    def begun(self, environ: Environ, body: bytes) -> "PageRequest | None":
        """Return a request that a single `statement` answers, for a thread that must not wait.

        None where it is another one, or a document that was never called: to read it takes longer
        than that thread may.
        """
        if not _is_plain(environ) or len(body) > MAX_REMEMBERED_BYTES:
            return None
        try:
            request = self._page_request(environ, body, known_question_of)
            if request is None or not request.question.is_one_statement:
                return None
            request.statement = request.as_statement()
        except Exception:  # noqa: BLE001 - it is met again where it is told
            return None
        return request

    def _page_request(
        self,
        environ: Environ,
        body: bytes,
        understand: Callable[[GraphQLRequest], Question | None],
    ) -> "PageRequest | None":
        started = time.perf_counter()
        request = self._request_class(environ)
        question = self._questions.get(body)
        if question is None:
            question = understand(graphql_request(decode_json(body, "The body")))
            if question is not None and len(body) <= MAX_REMEMBERED_BYTES:
                # A client that looks what is new sends the same bytes each time.
                self._questions.keep(body, question)
        media_type = preferred_media_type(request)
        if question is None or media_type is None:
            return None
        request.get_host()  # or it raises
        headers = self._standing_headers(request, media_type)
        return None if headers is None else PageRequest(request, question, headers, started)

    def _standing_headers(self, request: HttpRequest, media_type: str) -> Headers | None:
        """Return the headers that every such answer has; None where there would be another one.

        They are those that the middlewares put on the first, for they depend on nothing else here.
        """
        key = media_type, request.is_secure()
        if key not in self._headers:
            handler: Callable[[HttpRequest], HttpResponse] = partial(_blank, media_type)
            for name in reversed(settings.API_ANSWER_MIDDLEWARE):
                handler = import_string(name)(handler)
            response = handler(request)
            if response.status_code != HTTPStatus.OK:  # such as a redirect to https
                return None
            self._headers[key] = list(response.items())
        return self._headers[key]


@dataclass
class PageRequest:
    """A request for pages, which has been understood."""

    request: HttpRequest
    question: Question
    headers: Headers
    started: float
    statement: Statement | None = None

    def as_statement(self) -> Statement:
        """Return the statement that finds the token and the page."""
        page = self.question.lone_page
        assert page is not None  # noqa: S101 - it is one statement
        sql, parameters = page.statement_with_token(token_digest(self._secret))
        return Statement(sql, parameters, keeps_plan=page.has_one_plan)

    def answer(self) -> Answer | None:
        """Return the headers and the body of the answer; None where Django has to answer."""
        with self._facts() as facts, connection.execute_wrapper(facts.time_query):
            page = self.question.lone_page
            if page is None:
                return self._told(facts, identify(self.request), None)
            token, rows = page.read_with_token(self._secret)
            return self._told(facts, identity_of(token), rows)

    def answer_from(self, found: list[Row], database_ms: float) -> Answer | None:
        """Return the same from what `statement` has found, without a further statement."""
        page = self.question.lone_page
        assert page is not None  # noqa: S101 - it is one statement
        token, rows = page.found_with_token(found)
        now = timezone.now()
        if token is None or not is_usable(token, now) or is_use_to_be_noted(token, now):
            return None
        with self._facts() as facts:
            facts.queries, facts.database_ms = 1, database_ms
            return self._told(facts, identity_of(token), rows)

    @property
    def _secret(self) -> str:
        return bearer_secret(self.request.META["HTTP_AUTHORIZATION"])

    def _facts(self) -> AbstractContextManager[RequestFacts]:
        return request_facts(self.request.META.get("HTTP_X_REQUEST_ID"))

    def _told(
        self, facts: RequestFacts, identity: Identity, lone_rows: list[Row] | None
    ) -> Answer | None:
        data = answer_of(self.question, Context(self.request, identity), lone_rows)
        if data is None:
            return None
        content = orjson.dumps({"data": data})
        seconds = time.perf_counter() - self.started
        tell(self.request, HTTPStatus.OK.value, facts, seconds, facts.operation)
        particular = [("X-Request-Id", facts.request_id), ("Content-Length", str(len(content)))]
        return self.headers + particular, content


def _blank(media_type: str, _request: HttpRequest) -> HttpResponse:
    return json_response({}, media_type)


def _is_plain(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ["PATH_INFO"] == PATH
        and environ.get("HTTP_AUTHORIZATION", "").startswith("Bearer ")
        and environ.get("CONTENT_TYPE") in MEDIA_TYPES
        and _is_short(environ.get("CONTENT_LENGTH", ""))
        and not any(environ.get(name) for name in UNUSUAL)
    )


def _is_short(length: str) -> bool:
    is_number = length.isascii() and length.isdecimal() and len(length) < MAX_LENGTH_DIGITS
    return is_number and int(length) <= MAX_BODY_BYTES
