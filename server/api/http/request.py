"""From an HTTP request to a GraphQL request, whatever the body is made of.

Bodies are JSON (https://graphql.github.io/graphql-over-http/draft/), or multipart with files
(https://github.com/jaydenseric/graphql-multipart-request-spec); queries may come in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, UnreadablePostError

from server.api.http.errors import BatchRefused, PersistedQueryRefused, RequestRefused
from server.api.http.form import Part, read_form
from server.api.http.json_text import decode_json
from server.api.http.multipart import place_files

MAX_LENGTH_DIGITS = 18
MAX_NAME_CHARACTERS = 255

Member = TypeVar("Member")


@dataclass(frozen=True)
class GraphQLRequest:
    """What is to be executed."""

    document: str
    variables: dict[str, Any] | None
    operation_name: str | None


def body_length(request: HttpRequest) -> int:
    """Return how many bytes the body has, before any of them is read.

    Raises:
        RequestRefused: it does not say, or has more than a request may.
    """
    if request.method == "GET":
        return 0
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdecimal()):
        raise RequestRefused(411, "Send the Content-Length of the body.")
    maximum = settings.MAX_REQUEST_BYTES
    # By its digits first: Python refuses to read a number of thousands of them.
    if len(length) > MAX_LENGTH_DIGITS or int(length) > maximum:
        raise RequestRefused(413, f"A request may have {maximum:,} bytes; this one has more.")
    return int(length)


def read_request(request: HttpRequest) -> GraphQLRequest:
    """Read what is to be executed; its `body_length` is known to be allowed.

    Raises:
        RequestRefused: of an unknown media type, packed, or not formed as it says it is.
    """
    if request.method == "GET":
        return graphql_request(_from_address(request))
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
        # A kilobyte could unpack to a gigabyte.
        raise RequestRefused(415, "Send the body as it is, without a Content-Encoding.")
    try:
        if request.content_type == "application/json":
            return graphql_request(_from_json(request))
        if request.content_type == "multipart/form-data":
            return graphql_request(_from_multipart(request))
    except UnreadablePostError as error:
        raise RequestRefused(400, "The body ended before its length.") from error
    raise RequestRefused(
        415, "Send application/json, or multipart/form-data for files, as the Content-Type."
    )


def graphql_request(members: object) -> GraphQLRequest:
    """Return what a decoded body asks for.

    Raises:
        RequestRefused: it is not formed as GraphQL over HTTP says.
    """
    if isinstance(members, list):
        raise BatchRefused
    if not isinstance(members, dict):
        raise RequestRefused(400, "A request is one JSON object.")
    document = members.get("query")
    extensions = _optional(members, "extensions", dict, "an object")
    if document in (None, "") and extensions and "persistedQuery" in extensions:
        raise PersistedQueryRefused
    if not isinstance(document, str) or not document:
        raise RequestRefused(400, "`query` has to be the text of a GraphQL document.")
    variables = _optional(members, "variables", dict, "an object")
    operation_name = _optional(members, "operationName", str, "a string")
    if operation_name is not None and len(operation_name) > MAX_NAME_CHARACTERS:
        raise RequestRefused(400, f"`operationName` may have {MAX_NAME_CHARACTERS} characters.")
    return GraphQLRequest(document, variables, operation_name)


def _optional(members: dict[str, Any], name: str, kind: type[Member], is_a: str) -> Member | None:
    value = members.get(name)
    if value is not None and not isinstance(value, kind):
        raise RequestRefused(400, f"`{name}` has to be {is_a} or null.")
    return value


def _from_address(request: HttpRequest) -> object:
    try:
        request.encoding = "utf-8"  # as the specification says, whatever charset a header claims
        parameters = request.GET.dict()
    except TooManyFieldsSent as error:
        raise RequestRefused(400, "The address has too many parameters.") from error
    members: dict[str, object] = dict(parameters)
    for name in ("variables", "extensions"):
        if parameters.get(name):
            members[name] = decode_json(parameters[name], f"`{name}`")
    return members


def _from_json(request: HttpRequest) -> object:
    # Not `request.body`, which stays with the request, and so until the garbage collector comes: a
    # request refers to itself.
    return decode_json(request.read(), "The body")


def _from_multipart(request: HttpRequest) -> object:
    parts = read_form(request.read, (request.content_params or {}).get("boundary", ""))
    operations, places = (_json_part(parts, name) for name in ("operations", "map"))
    return place_files(operations, places, parts)


def _json_part(parts: Mapping[str, Part], name: str) -> object:
    if name not in parts:
        raise RequestRefused(400, f"The form lacks the part `{name}`.")
    return decode_json(parts[name].content, f"`{name}`")
