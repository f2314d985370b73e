"""Plain requests to the API by token: what tells them, and the headers that their answers have.

A bearer header is the only identity of its request: sessions, cookies and their protection, pages
and files are nothing to it. What the middlewares put on its answer depends on little, and is found
once.
"""

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from server.api.http.response import json_response, preferred_media_type
from server.api.remembered import Remembered
from server.front.django import environ_of
from server.front.messages import Headers, Received

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = b"/graphql"
REMEMBERED_PLACES = 64
MAX_PLACE_BYTES = 1024
# With one of these a request is not a plain one.
UNUSUAL = {b"origin", b"content-encoding", b"transfer-encoding", b"expect", b"upgrade"}
# What the headers of an answer depend on: who is asked for, how, and what is wanted.
PLACE = (b"host", b"x-forwarded-proto", b"accept")


def plain_headers(request: Received) -> dict[bytes, bytes] | None:
    """Return the headers of a plain request by token; None where it is another one."""
    if request.method != "POST" or request.path != PATH or request.query_string:
        return None
    headers = dict(request.headers)
    if (
        len(headers) != len(request.headers)  # a header that came twice
        or not headers.get(b"authorization", b"").startswith(b"Bearer ")
        or not UNUSUAL.isdisjoint(headers)
    ):
        return None
    return headers


class StandingHeaders:
    """Headers of answers, by what they depend on."""

    def __init__(self) -> None:
        self._kept: Remembered[tuple[object, ...], Headers] = Remembered(
            REMEMBERED_PLACES, REMEMBERED_PLACES * MAX_PLACE_BYTES
        )

    def of(self, request: Received, headers: dict[bytes, bytes]) -> Headers | None:
        """Return the headers that every answer has; None where there would be another one.

        They are those that the middlewares put on the first, for they depend on nothing else here.
        """
        place = (request.scheme, *(headers.get(name) for name in PLACE))
        standing = self._kept.get(place)
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
            standing = [(raw(name), raw(value)) for name, value in response.items()]
            size = sum(len(part or b"") for part in place[1:] if isinstance(part, bytes))
            if size <= MAX_PLACE_BYTES:
                self._kept.keep(place, standing, size)
        return standing


def raw(text: str) -> bytes:
    """Return the name or the value of a header as it is sent."""
    return text.encode("latin-1")


def _blank(media_type: str, _request: HttpRequest) -> HttpResponse:
    return json_response({}, media_type)
