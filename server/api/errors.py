"""Errors that are answered at the top level of a response, with a code in their extensions.

ApiError
├── BadUserInput        BAD_USER_INPUT: an argument is outside what its description allows
├── Unauthenticated     UNAUTHENTICATED: nobody is logged in, or the token is not valid
├── Forbidden           FORBIDDEN: known, but not allowed
├── CostLimitExceeded   COST_LIMIT_EXCEEDED: the request asks for too much at once
├── RateLimited         RATE_LIMITED: asked too often
└── ServerBusy          BUSY: too many predictions are waiting, or the database does not answer

The last two say when to ask again, in `extensions.retryAfterSeconds`. What is expected to go wrong
in a mutation (a wrong password, an unreadable image, an id of nothing that is yours) is none of
these but data: see `server.api.attempt`. Everything else is a bug, logged here and masked.
"""

import logging
from typing import Any, ClassVar

from django.db import DatabaseError, InterfaceError, OperationalError
from graphql import GraphQLError, GraphQLSyntaxError

logger = logging.getLogger(__name__)

MAX_MESSAGE_CHARACTERS = 1_000
RETRY_AFTER = "retryAfterSeconds"  # beside the code, where waiting helps
BUSY_RETRY_SECONDS = 2  # a photo takes less, and as many wait as take about as long
DATABASE_GONE_MESSAGE = "The database does not answer; try again in a moment."
INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
INTERNAL_ERROR_MESSAGE = "Something went wrong on our side. It has been logged."


class ApiError(Exception):
    """An error whose message is written for the client."""

    code: ClassVar[str]

    def __init__(self, message: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class BadUserInput(ApiError):
    """An argument is outside what its description allows."""

    code = "BAD_USER_INPUT"


class Unauthenticated(ApiError):
    """Nobody is logged in, or the token is not valid."""

    code = "UNAUTHENTICATED"


class Forbidden(ApiError):
    """The request is known, but not allowed what it asks."""

    code = "FORBIDDEN"


class CostLimitExceeded(ApiError):
    """The request asks for too much at once."""

    code = "COST_LIMIT_EXCEEDED"


class RateLimited(ApiError):
    """It was asked too often."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)


class ServerBusy(ApiError):
    """Too many predictions are waiting, or the database does not answer."""

    code = "BUSY"

    def __init__(self, message: str = DATABASE_GONE_MESSAGE) -> None:
        super().__init__(message, retry_after_seconds=BUSY_RETRY_SECONDS)


def database_is_gone(error: Exception | None) -> bool:
    """Whether the connection was lost, refused or cancelled: no bug, and a retry may go well.

    psycopg2 raises the bare `DatabaseError` where the server goes away within a statement.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def as_client_sees_it(error: GraphQLError) -> GraphQLError:
    """Return the error with its code, masked where it is a bug."""
    if error.extensions and "code" in error.extensions:
        return error
    original = error.original_error
    if database_is_gone(original):
        logger.error("The database failed at %s.", error.path, exc_info=original)
        original = ServerBusy()
    if isinstance(original, ApiError):
        return coded(error, original.message, original.code, original.retry_after_seconds)
    told = _told(error)
    if told is None:
        logger.error("A resolver failed at %s.", error.path, exc_info=original)
        told = INTERNAL_ERROR_MESSAGE, INTERNAL_SERVER_ERROR
    return coded(error, *told)


def extensions(code: str, retry_after_seconds: int | None = None) -> dict[str, Any]:
    """Return what an error says to programs: its code, and when to try again if that helps."""
    return {"code": code} | (
        {} if retry_after_seconds is None else {RETRY_AFTER: retry_after_seconds}
    )


def _told(error: GraphQLError) -> tuple[str, str] | None:
    """Return message and code of an error that graphql-core tells the client of."""
    original = error.original_error
    if isinstance(error, GraphQLSyntaxError):
        return error.message, "GRAPHQL_PARSE_FAILED"
    if isinstance(original, RecursionError) and error.path is None:
        return "The document is nested too deeply.", "GRAPHQL_PARSE_FAILED"
    if original is None or (error.path is None and error.nodes):
        # graphql-core's own words about the variables of this request.
        return error.message, BadUserInput.code
    if isinstance(original, GraphQLError) and original.nodes:
        # Its words about an argument that turned out wrong on the way, such as a null variable. A
        # resolver's answer that does not fit the schema is a GraphQLError too, but has no nodes.
        return error.message, BadUserInput.code
    return None


def coded(
    error: GraphQLError, message: str, code: str, retry_after_seconds: int | None = None
) -> GraphQLError:
    """Return the error with another message, cut where it is too long, and a code.

    graphql-core quotes the values it complains about, whatever their size.
    """
    if len(message) > MAX_MESSAGE_CHARACTERS:
        message = f"{message[:MAX_MESSAGE_CHARACTERS]}…"
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions(code, retry_after_seconds),
    )
