"""Predictions by token, whose document is known: spared the middlewares that are not about them.

They are asked for again and again by the same few programs. The view that answers is Django's, in a
thread of Django's, and what it checks is checked here as well; what the middlewares put on every
answer is put on these. What is not of this kind is given back before anything was done about it,
or, where only a thread could tell, answered in that thread by Django: it has waited for one.
"""

from functools import cache, partial

from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_started
from django.urls import ResolverMatch, resolve

from server.api.answering import known_plan
from server.api.http.request import read_request
from server.api.http.view import answer_program
from server.front.by_token import PATH, StandingHeaders, plain_headers, raw
from server.front.django import Django, environ_of
from server.front.messages import Answer, Headers, Received
from server.observability.middleware import ObservabilityMiddleware

MEDIA_TYPE = b"multipart/form-data; boundary="
# Root fields to which the session of a request by token is nothing, and that are asked for often.
ROOT_FIELDS = {"predict"}


class Predicting:
    """What the front asks before Django."""

    def __init__(self, django: Django) -> None:
        """Answer in threads of `django`."""
        self._django = django
        self._standing = StandingHeaders()

    async def open(self) -> None:
        """Have nothing of its own."""

    async def close(self) -> None:
        """Likewise."""

    async def answer(self, request: Received) -> Answer | None:
        """Answer what may be a prediction; None gives it to Django, and nothing was done."""
        standing = self._standing_headers(request)
        if standing is None:
            return None
        return await self._django.in_thread(partial(self._in_thread, request, standing))

    def _in_thread(self, request: Received, standing: Headers) -> Answer:
        return _answer(request, standing) or self._django.answer(request)

    def _standing_headers(self, request: Received) -> Headers | None:
        headers = plain_headers(request)
        if headers is None or not isinstance(request.body, bytes) or b"cookie" in headers:
            return None
        media_type = headers.get(b"content-type", b"")
        if not media_type.startswith(MEDIA_TYPE) or b";" in media_type[len(MEDIA_TYPE) :]:
            return None
        try:
            return self._standing.of(request, headers)
        except Exception:  # noqa: BLE001 - Django meets it again, and tells
            return None


def _answer(received: Received, standing: Headers) -> Answer | None:
    """Answer a known prediction; None where it is something else, and nothing was done."""
    request = WSGIRequest(environ_of(received))
    try:
        asked = read_request(request)
    except Exception:  # noqa: BLE001 - Django reads it again, and tells
        return None
    finally:
        request.environ["wsgi.input"].close()  # a request of Django's stays a while
    ready = known_plan(asked)
    if ready is None or ready.called.root not in ROOT_FIELDS:
        return None
    request.resolver_match = _resolved()
    request_started.send(sender=Predicting, environ=request.environ)
    response = ObservabilityMiddleware(partial(answer_program, read=asked))(request)
    try:
        own = {raw(name): raw(value) for name, value in response.items()}
        content = response.content
    finally:
        response.close()  # which tells that the request has ended
    own[b"Content-Length"] = b"%d" % len(content)
    return Answer(response.status_code, list((own | dict(standing)).items()), content)


@cache
def _resolved() -> ResolverMatch:
    return resolve(PATH.decode())
