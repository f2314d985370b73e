"""What gunicorn's parser refuses is told as everything that is refused here.

The parser answers by itself, in plain text that quotes the request, and closes the connection. It
does so while it is given bytes, when nothing else is written but an interim answer. So the
transport that gunicorn's protocol gets replaces such an answer by ours, of the same status.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from server.front.refusals import Refusal

SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This is no well-formed HTTP request.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The head is too long.",
    HTTPStatus.NOT_IMPLEMENTED: "Of the transfer codings only chunked is known.",
}
_BEGINNINGS = {b"HTTP/1.1 %d " % status: status for status in SENTENCES}
_BEGINNING_BYTES = len(b"HTTP/1.1 400 ")


class TellingTransport:
    """A transport in all but that."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.is_parsing = False  # bytes of the client's, which came just now
        self._has_refused = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send, or refuse."""
        if self._has_refused:  # the parser's text
            return
        status = _BEGINNINGS.get(data[:_BEGINNING_BYTES]) if self.is_parsing else None
        if status is not None:
            self._has_refused = True
            data = Refusal(status, SENTENCES[status]).told_as_bytes()
        self._transport.write(data)
