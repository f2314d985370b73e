"""What goes through the front: a request that has come whole, and an answer to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

Headers = list[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

RECEIVED = "telltale.received"  # the member of a scope that holds its whole request


@dataclass(frozen=True, slots=True)
class Received:
    """A whole request, within the limits of the front.

    Nothing of it is decoded: `path` and the values of the headers are as they came.
    """

    method: str  # in upper case
    path: bytes  # percent-encoded, without the query string
    query_string: bytes  # percent-encoded, without the question mark
    headers: Headers  # names in lower case, in the order they came
    body: bytes | BinaryIO  # a large one lies in a file, which stands at its beginning
    body_bytes: int
    client: tuple[str, int] | None  # address and port of the connection; None of a Unix socket
    server: tuple[str, int] | None
    scheme: str  # "http" or "https", of the connection: what a proxy claims is in the headers
    http_version: str  # "1.0" or "1.1"


class Rest(Iterable[bytes], Protocol):
    """A body that is read as it is sent, by threads that may wait for a disk."""

    def close(self) -> None:
        """Have it closed, without waiting."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the server adds the date and what the connection needs."""

    status: int
    headers: Headers  # with Content-Length
    body: bytes
    rest: Rest | None = None  # instead of the body, where it is not read yet


async def send_answer(send: Send, answer: Answer, method: str) -> None:
    """Send an answer to a request of this method."""
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    if answer.rest is None:
        await send(start)
        body = answer.body if method != "HEAD" else b""
        await send({"type": "http.response.body", "body": body})
        return
    try:
        await send(start)
        pieces = iter(answer.rest if method != "HEAD" else ())
        # Read in other threads than Django's: files must not wait for pictures.
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        answer.rest.close()
