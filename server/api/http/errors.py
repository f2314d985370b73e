"""Errors of a request before anything of it is executed."""


class RequestRefused(Exception):
    """The request can't be executed; the message is written for the client."""

    def __init__(self, status: int, message: str, *, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
