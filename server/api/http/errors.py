"""Why a request is refused before anything of it is executed.

RequestRefused
├── MethodRefused           405, with the methods that are allowed
└── PersistedQueryRefused   the hash of a document instead of one
"""

from collections.abc import Mapping


class RequestRefused(Exception):
    """The request can't be executed; the message is written for the client."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "BAD_USER_INPUT",
        json_status: int | None = None,
        headers: Mapping[str, str] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.json_status = json_status or status  # of an answer in application/json
        self.message = message
        self.code = code
        self.headers = headers or {}
        self.retry_after_seconds = retry_after_seconds


class MethodRefused(RequestRefused):
    """The method is none of ours, or not one for the operation."""

    def __init__(self, message: str) -> None:
        super().__init__(405, message, headers={"Allow": "GET, POST"})


class PersistedQueryRefused(RequestRefused):
    """A document is asked for by its hash, and none is remembered.

    In the words on which clients send the document itself, with the status they expect:
    https://www.apollographql.com/docs/apollo-server/performance/apq
    """

    def __init__(self) -> None:
        super().__init__(
            400, "PersistedQueryNotSupported", code="PERSISTED_QUERY_NOT_SUPPORTED", json_status=200
        )
