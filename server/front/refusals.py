"""What the front says of a request that it does not take, in the form of the API's errors."""

import json
import logging
from http import HTTPStatus

from server.api.errors import BUSY_RETRY_SECONDS, BadUserInput, ServerBusy, extensions
from server.front.messages import Answer
from server.observability.instruments import ERRORS, REQUESTS

LABEL = "refused"  # of `telltale_requests`

logger = logging.getLogger("server.requests")


class Refusal(Exception):
    """The request is not taken, and its connection is closed: nobody reads the rest of it."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def told(self) -> Answer:
        """Count and log it, without a word of the client's, and return the answer."""
        is_busy = self.status == HTTPStatus.SERVICE_UNAVAILABLE
        code = ServerBusy.code if is_busy else BadUserInput.code
        REQUESTS.labels(LABEL, self.status.value).inc()
        ERRORS.labels(code).inc()
        logger.info(
            "A request was refused while it arrived: %s %s", self.status.value, self.message
        )
        told = extensions(code, BUSY_RETRY_SECONDS if is_busy else None)
        error = {"message": self.message, "extensions": told}
        body = json.dumps({"errors": [error]}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        if is_busy:
            headers.append((b"retry-after", b"%d" % BUSY_RETRY_SECONDS))
        return Answer(self.status.value, headers, body)

    def told_as_bytes(self) -> bytes:
        """Do the same, for a connection on which no request has come."""
        answer = self.told()
        head = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n".encode()
        lines = b"".join([b"%s: %s\r\n" % header for header in answer.headers])
        return head + lines + b"\r\n" + answer.body
