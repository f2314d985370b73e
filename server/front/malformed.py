"""What gunicorn's parser refuses is told as everything that is refused here.

The parser answers by itself, in plain text that quotes the request, and closes the connection. It
does so whenever it is given bytes: as they come, or after the answer to a request before them. So
the transport that gunicorn's protocol gets replaces such an answer by ours, of the same status. It
is known by its head, which is written alone, and to which nothing is added; to that of an answer of
the application gunicorn adds a Server.
"""

import asyncio
import re
from http import HTTPStatus
from typing import Any

from server.front.refusals import Refusal

SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This is no well-formed HTTP request.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The head is too long.",
    HTTPStatus.NOT_IMPLEMENTED: "Of the transfer codings only chunked is known.",
}
_STATUSES = "|".join(str(status.value) for status in SENTENCES)
_HEAD = re.compile(
    rf"HTTP/1\.1 ({_STATUSES}) [^\r\n]+\r\nContent-Type: text/plain\r\n"
    r"Content-Length: \d+\r\nConnection: close\r\n\r\n".encode()
)


class TellingTransport:
    """A transport in all but that."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._has_refused = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, or refuse."""
        if self._has_refused:  # the parser's text
            return
        head = _HEAD.fullmatch(data)
        if head is not None:
            self._has_refused = True
            status = HTTPStatus(int(head[1]))
            data = Refusal(status, SENTENCES[status]).told_as_bytes()
        self._transport.write(data)
