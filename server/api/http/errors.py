"""Why a request is refused before anything of it is executed.

RequestRefused
├── BatchRefused            an array of operations
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


class BatchRefused(RequestRefused):
    """An array of operations came, where a request is one.

    In a batch the quickest answer waits for the slowest, and what is said of a request (its limits,
    its line in the log, its figures, how long it may wait, whether a retry is safe) would be said
    of a number of them. On one kept connection several requests cost little more, and root fields
    of one document are a batch whose limits and order GraphQL itself defines.
    """

    def __init__(self) -> None:
        super().__init__(
            400,
            "A request is one operation. Send several one by one (switch batching off in your "
            "client), or as root fields of one document.",
            code="BATCHING_NOT_SUPPORTED",
        )


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
