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
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from server.accounts.identity import Identity, bearer_secret, identify, identity_of
from server.api.compiled.plan import answer_of, question_of
from server.api.compiled.question import Question
from server.api.context import Context
from server.api.http.json_text import decode_json
from server.api.http.request import MAX_LENGTH_DIGITS, graphql_request
from server.api.http.response import json_response, preferred_media_type
from server.observability.middleware import tell
from server.observability.request_facts import request_facts
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
StartResponse = Callable[..., Any]


class PageRequests:
    """A WSGI application in front of Django's."""

    def __init__(self, django: WSGIHandler, request_class: type[WSGIRequest]) -> None:
        """Put it in front of `django`."""
        self._django = django
        self._request_class = request_class
        self._headers: dict[tuple[str, bool], Headers] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or pass the request on."""
        if _is_plain(environ):
            started = time.perf_counter()
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            close_old_connections()  # as Django does at the beginning of each request
            try:
                answer = self._answer(self._request_class(environ), body, started)
            except Exception:  # noqa: BLE001 - Django meets it again, and tells
                answer = None
            if answer is not None:
                headers, content = answer
                start_response("200 OK", headers)
                return [content]
        return self._django(environ, start_response)

    def _answer(
        self, request: HttpRequest, body: bytes, started: float
    ) -> tuple[Headers, bytes] | None:
        question = (_remembered if len(body) <= MAX_REMEMBERED_BYTES else _question)(body)
        media_type = preferred_media_type(request)
        if question is None or media_type is None:
            return None
        request.get_host()  # or it raises
        headers = self._standing_headers(request, media_type)
        if headers is None:
            return None
        with (
            request_facts(request.META.get("HTTP_X_REQUEST_ID")) as facts,
            connection.execute_wrapper(facts.time_query),
        ):
            identity, lone_rows = _read(request, question)
            data = answer_of(question, Context(request, identity), lone_rows)
            if data is None:
                return None
            content = orjson.dumps({"data": data})
            tell(request, 200, facts, time.perf_counter() - started, facts.operation)
        particular = [("X-Request-Id", facts.request_id), ("Content-Length", str(len(content)))]
        return headers + particular, content

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


def _question(body: bytes) -> Question | None:
    return question_of(graphql_request(decode_json(body.decode(), "The body")))


# A client that looks what is new sends the same bytes each time.
_remembered = lru_cache(maxsize=REMEMBERED_BODIES)(_question)


def _read(request: HttpRequest, question: Question) -> tuple[Identity, list[Row] | None]:
    """Return who asks, and the rows of the page where they can be had by the same statement."""
    page = question.lone_page
    if page is None:
        return identify(request), None
    token, rows = page.read_with_token(bearer_secret(request.META["HTTP_AUTHORIZATION"]))
    return identity_of(token), rows


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
