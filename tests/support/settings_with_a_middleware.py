"""The settings of development with a middleware that a newcomer has added."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from server.settings import *  # noqa: F403 - the settings, as Django reads them
from server.settings import MIDDLEWARE

MIDDLEWARE = ["tests.support.settings_with_a_middleware.Closed", *MIDDLEWARE]
CLOSING_PATH = "/the/last/visitor"


class Closed:
    """From a request of one path on, answers 503 to everything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._is_closed = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self._is_closed = self._is_closed or request.path == CLOSING_PATH
        if self._is_closed:
            return HttpResponse("Closed for today.", status=503)
        return self._get_response(request)
