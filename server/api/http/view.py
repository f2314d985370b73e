"""`/graphql`: GraphiQL for a person with a browser, GraphQL over HTTP for a program."""

import logging

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.vary import vary_on_headers
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from server.accounts.errors import TokenRejected
from server.accounts.identity import Identity, identify
from server.api.answering import answer
from server.api.context import Context
from server.api.document import is_query
from server.api.errors import (
    INTERNAL_ERROR_MESSAGE,
    INTERNAL_SERVER_ERROR,
    ServerBusy,
    database_is_gone,
)
from server.api.http.body_room import room_for_body
from server.api.http.csrf import check_csrf
from server.api.http.errors import MethodRefused, RequestRefused
from server.api.http.packing import encoding_for, packed
from server.api.http.request import GraphQLRequest, body_length, read_request
from server.api.http.response import (
    GRAPHQL_RESPONSE,
    JSON,
    MAX_WISH_CHARACTERS,
    executed,
    preferred_media_type,
    refused,
)
from server.api.schema import schema

logger = logging.getLogger(__name__)

HTML = "text/html"
ALLOWED_OPERATIONS = {
    "GET": {OperationType.QUERY},
    "POST": {OperationType.QUERY, OperationType.MUTATION},
}


@csrf_exempt  # `check_csrf` asks for the token where it protects something, and answers in JSON
def graphql(request: HttpRequest) -> HttpResponseBase:
    """Answer a request to the one address of the API."""
    if request.method == "GET" and _is_page_view(request):
        return playground(request)
    return answer_program(request)


def answer_program(request: HttpRequest, read: GraphQLRequest | None = None) -> HttpResponse:
    """Answer a program.

    Args:
        request: as it came.
        read: what it asks for, where that has been read already.
    """
    try:
        return _execute(request, read)
    except RequestRefused as error:
        return refused(request, error)
    except Exception as error:  # the last seam: nothing internal leaves, whatever it was
        logger.exception("A request could not be answered.")
        if database_is_gone(error):
            gone = ServerBusy()
            return refused(
                request,
                RequestRefused(
                    503,
                    gone.message,
                    code=gone.code,
                    retry_after_seconds=gone.retry_after_seconds,
                ),
            )
        masked = RequestRefused(500, INTERNAL_ERROR_MESSAGE, code=INTERNAL_SERVER_ERROR)
        return refused(request, masked)


@ensure_csrf_cookie
@vary_on_headers("Accept")
@gzip_page  # it holds no secret
# GraphiQL's stylesheet carries its fonts, and its menus add a style element of their own.
@csp_update({"font-src": ["'self'", "data:"], "style-src": ["'self'", "'unsafe-inline'"]})
def playground(request: HttpRequest) -> HttpResponse:
    """Answer with GraphiQL."""
    return render(request, "playground/index.html")


def _is_page_view(request: HttpRequest) -> bool:
    return preferred_media_type(request, (JSON, GRAPHQL_RESPONSE, HTML)) == HTML


def _execute(request: HttpRequest, read: GraphQLRequest | None) -> HttpResponse:
    if request.method not in ALLOWED_OPERATIONS:
        raise MethodRefused("Send a GET with a query, or a POST.")
    if preferred_media_type(request) is None:
        raise RequestRefused(
            406,
            "The answer is application/graphql-response+json or application/json; an Accept header "
            f"has at most {MAX_WISH_CHARACTERS:,} characters.",
        )
    identity = _identity(request)
    with room_for_body(body_length(request)):
        graphql_request = read or read_request(request)
        check_csrf(request)
        response = executed(request, _execute_operation(request, identity, graphql_request))
        return _packed(request, graphql_request, response)


def _packed(
    request: HttpRequest, graphql_request: GraphQLRequest, response: HttpResponse
) -> HttpResponse:
    """Pack an answer to a query, where it is long and the client asks for it."""
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    encoding = encoding_for(accepted, len(response.content))
    if encoding is not None and is_query(
        schema._schema,  # noqa: SLF001 - graphql-core's own
        graphql_request.document,
        graphql_request.operation_name,
    ):
        response.content = packed(response.content, encoding)
        response["Content-Encoding"] = encoding
    return response


def _identity(request: HttpRequest) -> Identity:
    if any("\x00" in value for value in request.COOKIES.values()):
        raise RequestRefused(400, "A cookie holds a NUL character.")  # PostgreSQL takes none
    try:
        return identify(request)
    except TokenRejected as error:
        raise RequestRefused(
            401,
            "The bearer token is not valid.",
            code="UNAUTHENTICATED",
            headers={"WWW-Authenticate": "Bearer"},
        ) from error


def _execute_operation(
    request: HttpRequest, identity: Identity, graphql_request: GraphQLRequest
) -> ExecutionResult:
    context = Context(request, identity)
    try:
        return answer(graphql_request, context, ALLOWED_OPERATIONS[request.method or ""])
    except InvalidOperationTypeError as error:
        if error.operation_type is OperationType.SUBSCRIPTION:
            raise RequestRefused(400, "There are no subscriptions.") from error
        raise MethodRefused(error.as_http_error_reason(request.method or "")) from error
    except CannotGetOperationTypeError as error:
        if error.operation_name is None:
            raise RequestRefused(400, "The document holds no operation.") from error
        raise RequestRefused(400, "The document holds no operation of this name.") from error
