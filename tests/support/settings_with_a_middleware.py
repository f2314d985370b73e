"""The settings of development with a middleware that a newcomer has added."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from server.settings import *  # noqa: F403 - the settings, as Django reads them
from server.settings import MIDDLEWARE

MIDDLEWARE = ["tests.support.settings_with_a_middleware.Closed", *MIDDLEWARE]
READY_PATH = "/health/ready"


class Closed:
    """Answers 503 to everything but what the start of a site waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == READY_PATH:
            return self._get_response(request)
        return HttpResponse("Closed for today.", status=503)
