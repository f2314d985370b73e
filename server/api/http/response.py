"""From a GraphQL result to an HTTP response.

The media type decides about the status, as GraphQL over HTTP says: `application/json` answers 200
to every request that is well-formed, `application/graphql-response+json` 400 to one that could not
be executed. A refused request has its own status in both.
"""

from functools import lru_cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from strawberry.types import ExecutionResult

from server.api.errors import RETRY_AFTER, as_client_sees_it, extensions
from server.api.http.errors import RequestRefused
from server.observability.request_facts import facts

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
REMEMBERED_WISHES = 64  # Accept headers: there are few, and each takes its time to read
MAX_WISH_CHARACTERS = 1_000  # browsers send 140


def executed(request: HttpRequest, result: ExecutionResult) -> HttpResponse:
    """Answer with what the execution gave."""
    body: dict[str, Any] = {}
    waits: list[int] = []
    errors = result.errors or []
    was_executed = result.data is not None or any(error.path for error in errors)
    if errors:
        told = [as_client_sees_it(error) for error in errors]
        body["errors"] = [error.formatted for error in told]
        given = [error.extensions or {} for error in told]
        facts().error_codes += [str(each["code"]) for each in given]
        waits = [each[RETRY_AFTER] for each in given if RETRY_AFTER in each]
    if was_executed:
        body["data"] = result.data
    media_type = preferred_media_type(request) or JSON
    response = json_response(body, media_type, 200 if was_executed or media_type == JSON else 400)
    if waits:
        response["Retry-After"] = str(max(waits))
    return response


def refused(request: HttpRequest, error: RequestRefused) -> HttpResponse:
    """Answer that the request was not executed, and why."""
    facts().error_codes.append(error.code)
    told = extensions(error.code, error.retry_after_seconds)
    body = {"errors": [{"message": error.message, "extensions": told}]}
    media_type = preferred_media_type(request) or JSON
    status = error.json_status if media_type == JSON else error.status
    response = json_response(body, media_type, status)
    for name, value in error.headers.items():
        response[name] = value
    if error.retry_after_seconds is not None:
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def preferred_media_type(
    request: HttpRequest, offered: tuple[str, ...] = (JSON, GRAPHQL_RESPONSE)
) -> str | None:
    """Return which of the media types the client prefers; None where it takes none of them.

    An Accept header that is too long takes none. Parameters, such as a charset, say nothing about
    an answer in JSON, but many clients send them; only the weight counts.
    """
    accept = request.META.get("HTTP_ACCEPT", "*/*")
    return _preferred(accept, offered) if len(accept) <= MAX_WISH_CHARACTERS else None


@lru_cache(maxsize=REMEMBERED_WISHES)
def _preferred(accept: str, offered: tuple[str, ...]) -> str | None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = ",".join(map(_without_parameters, accept.split(",")))
    return request.get_preferred_type(offered)


def _without_parameters(media_range: str) -> str:
    name, *parameters = media_range.split(";")
    weights = [each for each in parameters if each.strip().lower().startswith("q=")]
    return ";".join([name, *weights[:1]])


def json_response(body: dict[str, Any], media_type: str, status: int = 200) -> HttpResponse:
    """Answer with JSON that nobody may keep."""
    response = HttpResponse(
        orjson.dumps(body), content_type=f"{media_type}; charset=utf-8", status=status
    )
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ("Accept", "Accept-Encoding", "Cookie", "Authorization"))
    return response
