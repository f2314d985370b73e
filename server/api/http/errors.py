"""Why a request is refused before anything of it is executed.

RequestRefused
└── MethodRefused       405, with the methods that are allowed
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
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers or {}


class MethodRefused(RequestRefused):
    """The method is none of ours, or not one for the operation."""

    def __init__(self, message: str) -> None:
        super().__init__(405, message, headers={"Allow": "GET, POST"})
