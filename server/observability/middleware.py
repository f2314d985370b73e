"""The first middleware: a log line and the figures of every request, and `/metrics`.

It stands above everything else, so that it sees what the others refuse. `/metrics` is answered here
as health is, above whatever redirects to https or refuses a host name: Prometheus may ask a worker
by its internal address.
"""

import hmac
import logging
import time
from collections.abc import Callable
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.encoding import escape_uri_path
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram

from server.observability.exposition import exposition
from server.observability.instruments import ERRORS, REQUEST_SECONDS, REQUESTS
from server.observability.log_lines import DETAILS
from server.observability.request_facts import RequestFacts, request_facts

METRICS_PATH = "/metrics"
HEALTH_PATHS = "/health/"
MAX_SHOWN_CHARACTERS = 200

logger = logging.getLogger("server.requests")


class ObservabilityMiddleware:
    """Sees every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `/metrics`, or pass the request on and tell about it."""
        if request.path == METRICS_PATH:
            return _metrics(request)
        started = time.perf_counter()
        with (
            request_facts(request.META.get("HTTP_X_REQUEST_ID")) as facts,
            connection.execute_wrapper(facts.time_query),
        ):
            response = self._get_response(request)
            seconds = time.perf_counter() - started
            response["X-Request-Id"] = facts.request_id
            is_probe = request.path.startswith(HEALTH_PATHS)
            if not is_probe:
                tell(request, response.status_code, facts, seconds, _label(request, facts))
            elif response.status_code >= HTTPStatus.BAD_REQUEST:
                # Probes come every few seconds: only one that fails tells anything.
                _log(request, response.status_code, facts, seconds)
        return response


def tell(
    request: HttpRequest, status: int, facts: RequestFacts, seconds: float, label: str
) -> None:
    """Count a request under its label, and log it."""
    _count(label, status, facts, seconds)
    _log(request, status, facts, seconds)


def _metrics(request: HttpRequest) -> HttpResponse:
    expected = settings.METRICS_TOKEN
    if not expected:
        return JsonResponse({"error": "There is no such page."}, status=404)
    scheme, _, offered = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(offered.encode(), expected.encode()):
        refusal = JsonResponse({"error": "Send METRICS_TOKEN as a bearer token."}, status=401)
        refusal["WWW-Authenticate"] = "Bearer"
        return refusal
    response = HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _label(request: HttpRequest, facts: RequestFacts) -> str:
    """Return what was asked for, of a set that grows with the code alone."""
    if facts.operation:
        return facts.operation
    match = request.resolver_match
    if match is None:  # WhiteNoise, a redirect, a refused host, a path that is not there
        return "file"
    return match.app_name or match.url_name or "page"


def _count(label: str, status: int, facts: RequestFacts, seconds: float) -> None:
    count, duration = _instruments(label, status)
    count.inc()
    duration.observe(seconds)
    for code in facts.error_codes:
        ERRORS.labels(code).inc()


@cache  # as many as there are operations, and statuses that we answer
def _instruments(label: str, status: int) -> tuple[Counter, Histogram]:
    """Return where requests of a label and a status are counted, and how long they take."""
    return REQUESTS.labels(label, status), REQUEST_SECONDS.labels(label)


def _log(request: HttpRequest, status: int, facts: RequestFacts, seconds: float) -> None:
    duration_ms = round(seconds * 1000, 1)
    is_slow = duration_ms >= settings.SLOW_REQUEST_MS
    details: dict[str, object] = {
        "method": (request.method or "")[:MAX_SHOWN_CHARACTERS],
        # Without its query: a document sent by GET may hold a password.
        "path": escape_uri_path(request.path)[:MAX_SHOWN_CHARACTERS],
        "status": status,
        "duration_ms": duration_ms,
        "queries": facts.queries,
        "database_ms": round(facts.database_ms, 1),
        "user_id": facts.user_id,
        "operation": facts.operation or None,
        "operation_name": facts.operation_name and facts.operation_name[:MAX_SHOWN_CHARACTERS],
        "error_codes": facts.error_codes or None,
        "model": facts.model,
        "wait_ms": facts.wait_ms,
        "inference_ms": facts.inference_ms,
        "slow": is_slow or None,
        "proxies_missing": _missing_proxies(request) or None,
    }
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        level = logging.ERROR
    else:
        level = logging.WARNING if is_slow else logging.INFO
    logger.log(
        level,
        "%s %s %s %s %s ms",
        details["method"],
        details["path"],
        status,
        " ".join([facts.operation or "-", *facts.error_codes]),
        duration_ms,
        extra={DETAILS: {name: value for name, value in details.items() if value is not None}},
    )


def _missing_proxies(request: HttpRequest) -> int:
    """Return how many entries `X-Forwarded-For` lacks of those that are to be trusted.

    One too few means that `TRUSTED_PROXY_COUNT` is wrong for this place, and that an address
    somebody made up may be believed.
    """
    if settings.TRUSTED_PROXY_COUNT == 0:
        return 0
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return max(0, settings.TRUSTED_PROXY_COUNT - len(entries))
