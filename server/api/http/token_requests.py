"""Requests by token, with no more around them than they need.

A bearer header is the only identity of its request. So sessions, cookies and their protection,
messages, pages and files are nothing to such a request, and it is spared the middlewares that are
about them: they took as long as finding the answer. What protects the answer itself stays.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve
from django.utils.module_loading import import_string

from server.api.http.view import graphql

PATH = "/graphql"
# Of an answer that is data: should a browser ever show it as a page, nothing in it may run.
POLICY = "default-src 'none'; frame-ancestors 'none'"


class TokenRequestMiddleware:
    """Answers POST requests to the API that come with an Authorization header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Put `TOKEN_REQUEST_MIDDLEWARE` around the view, as Django does with `MIDDLEWARE`."""
        self._get_response = get_response
        handler: Callable[[HttpRequest], HttpResponseBase] = convert_exception_to_response(_answer)
        for name in reversed(settings.TOKEN_REQUEST_MIDDLEWARE):
            handler = convert_exception_to_response(import_string(name)(handler))
        self._handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or pass the request on."""
        if request.path != PATH or request.method != "POST" or not _has_bearer(request):
            return self._get_response(request)
        return self._handler(request)


def _has_bearer(request: HttpRequest) -> bool:
    return "HTTP_AUTHORIZATION" in request.META


def _answer(request: HttpRequest) -> HttpResponseBase:
    request.resolver_match = _match()
    response = graphql(request)
    response["Content-Security-Policy"] = POLICY
    return response


@cache
def _match() -> ResolverMatch:
    return resolve(PATH)
