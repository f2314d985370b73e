"""Whether the service lives, and whether it is ready for work.

A middleware rather than a view, and the first of them: a probe knows neither our host name nor TLS,
so it must be answered above everything that refuses a host, redirects to https or opens a session.
"""

import logging
from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from server.predictions.inference import inference

LIVE_PATH = "/health/live"
READY_PATH = "/health/ready"

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the two health paths and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a health probe, or pass the request on."""
        if request.path == LIVE_PATH:
            return liveness()
        if request.path == READY_PATH:
            return _answer({"database": _database_answers(), "model": inference().is_ready()})
        return self._get_response(request)


def liveness() -> JsonResponse:
    """Return the answer of a process that lives."""
    return _answer({"process": True})


def _answer(checks: dict[str, bool]) -> JsonResponse:
    healthy = all(checks.values())
    body = {"status": "ok" if healthy else "unavailable", "checks": checks}
    response = JsonResponse(body, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.exception("The database does not answer.")
        return False
    return True
