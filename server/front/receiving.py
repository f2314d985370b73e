"""The layer that receives a whole request, within limits of bytes and time."""

import asyncio
from contextlib import suppress
from http import HTTPStatus

from server.front.bodies import Body, Patience, Room, no_room
from server.front.connections import current_connection
from server.front.messages import (
    RECEIVED,
    Application,
    Headers,
    Message,
    Receive,
    Received,
    Send,
    send_answer,
)
from server.front.refusals import Refusal

LINGER_SECONDS = 2.0  # for a client to read that it is refused, which some do once all is sent
MAX_LINGER_BYTES = 16 * 2**20
MAX_LENGTH_DIGITS = 18


class Receiving:
    """Passes on what is whole, as `scope[RECEIVED]`, and refuses what does not become it."""

    def __init__(self, app: Application, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._room = Room(max_body_bytes)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Receive a request and pass it on."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        body = Body(self._room)
        try:
            _check_host(scope)
            if self._has_body(scope["headers"]):
                await self._fill(body, receive)
            scope[RECEIVED] = _received(scope, body)
            await self._app(scope, receive, send)
        except _ClientGone:
            pass
        except Refusal as refusal:
            await send_answer(send, refusal.told(), scope["method"])
            if not current_connection().has_ended:
                await _drain(receive)
        finally:
            scope.pop(RECEIVED, None)
            body.close()

    def _has_body(self, headers: Headers) -> bool:
        """Return whether one comes.

        Raises:
            Refusal: it says that it is too long.
        """
        for name, value in headers:
            if name == b"content-length":
                if len(value) > MAX_LENGTH_DIGITS or int(value) > self._max_body_bytes:
                    raise self._too_long()
                return int(value) > 0
            if name == b"transfer-encoding":
                return True
        return False

    async def _fill(self, body: Body, receive: Receive) -> None:
        """Receive a body.

        Raises:
            Refusal: it is too long, comes too slowly, is cut off, or there is no room.
        """
        connection = current_connection()
        try:
            async with asyncio.timeout(None) as timeout:
                body.patience = patience = Patience(timeout)
                connection.receives(patience)
                while (message := await receive())["type"] == "http.request":
                    piece = message.get("body", b"")
                    if body.byte_count + len(piece) > self._max_body_bytes:
                        raise self._too_long()
                    await body.add(piece)
                    if not message.get("more_body", False):
                        return
                    patience.came(len(piece))
                raise _ClientGone
        except TimeoutError as error:
            if body.is_given_up:
                raise no_room() from error
            if connection.has_ended:
                sentence = "The body ended before its length."
                raise Refusal(HTTPStatus.BAD_REQUEST, sentence) from error
            sentence = "The request came too slowly."
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT, sentence) from error
        finally:
            connection.receives(None)

    def _too_long(self) -> Refusal:
        sentence = f"A request may have {self._max_body_bytes:,} bytes; this one has more."
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence)


class _ClientGone(Exception):
    """Nobody is there to be answered."""


def _check_host(scope: Message) -> None:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) > 1 or (not hosts and scope["http_version"] != "1.0"):
        raise Refusal(HTTPStatus.BAD_REQUEST, "A request has one Host.")  # RFC 9112, 3.2


def _received(scope: Message, body: Body) -> Received:
    path = scope["raw_path"]
    if not path.startswith(b"/") and b"://" in path:  # a proxy's form; the host stands in Host
        path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
    return Received(
        method=scope["method"],
        path=path,
        query_string=scope["query_string"],
        headers=scope["headers"],
        body=body.whole(),
        body_bytes=body.byte_count,
        client=scope["client"],
        server=scope["server"],
        scheme=scope["scheme"],
        http_version=scope["http_version"],
    )


async def _drain(receive: Receive) -> None:
    """Read on for a moment: a connection closed with unread bytes takes the answer along."""
    drained = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while drained < MAX_LINGER_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
