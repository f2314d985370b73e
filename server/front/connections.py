"""What a connection may take: time without a request, time to read an answer, a place among others.

An ASGI application learns of a connection when the head of a request is there. A client that sends
none, or half of one, or reads no answer, keeps its socket without it, and keeps gunicorn from
stopping. So before gunicorn's protocol of a connection stands one of ours (see `loop`). It counts
and has a clock; what an HTTP request is, gunicorn's parser alone knows.
"""

import asyncio
import math
import select
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET, socket

from server.front.bodies import MIN_BYTES_PER_SECOND, Patience
from server.front.malformed import TellingTransport
from server.front.messages import Application, Message, Receive, Send
from server.front.refusals import Refusal

IDLE_SECONDS = 5.0  # until the first byte of a request
HEAD_SECONDS = 10.0  # until its head is there
MAX_HEAD_BYTES = 32 * 1024
PASSED_ON_SECONDS = 1.0  # within which the application has a request whose head came
STALL_SECONDS = 20.0  # of a client that does not read
STOPPING_SECONDS = 0.5  # for the rest of a head while the worker stops
ENDED_SECONDS = 0.5  # for what is on its way inside when the client has said its last
CHECK_SECONDS = 0.25

_current: ContextVar["Connection"] = ContextVar("connection")


class Connection(asyncio.Protocol):
    """Stands before gunicorn's protocol of a connection, and passes everything on."""

    def __init__(self, protocol: asyncio.Protocol, connections: "Connections") -> None:
        self._protocol = protocol
        self._connections = connections
        self._requests = 0  # that the application has
        self._came_bytes = 0  # since it has none
        self._since = time.monotonic()
        self._given_bytes = self._taken_bytes = 0  # of answers: by the application, by the client
        self._until = self._since + STALL_SECONDS  # the client takes something, or it is ended
        self.closes_after_answer = False
        self.has_ended = False  # the client sends no more
        self._patience: Patience | None = None  # for the body that is being received

    # Passed on

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, which another may have to give."""
        self._transport = transport
        self._connections.add(self)
        _current.set(self)  # whatever is started from here, the application too, finds it
        telling = TellingTransport(transport)
        self._protocol.connection_made(telling)  # type: ignore[arg-type] # as good as one

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        if not self._came_bytes:
            self._since = time.monotonic()
        self._came_bytes += len(data)
        self._protocol.data_received(data)

    def eof_received(self) -> bool:
        """Keep the connection for the answers to what has come."""
        self.has_ended = True
        self.receives(self._patience)
        return bool(self._requests or self._came_bytes)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self._connections.remove(self)
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Let the application wait."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Let it go on."""
        self._protocol.resume_writing()

    # Told by the application

    def begin(self) -> None:
        """The application has a request."""
        self._requests += 1

    def receives(self, patience: Patience | None) -> None:
        """It waits for a body with this patience, of which less is left where no more can come."""
        self._patience = patience
        if patience is not None and self.has_ended:
            patience.ends_in(ENDED_SECONDS)

    def gives(self, byte_count: int) -> None:
        """It gives so many bytes of an answer."""
        self._given_bytes += byte_count

    def end(self) -> None:
        """It has answered."""
        self._requests -= 1
        self._came_bytes = 0
        self._since = time.monotonic()
        if self.closes_after_answer or self.has_ended:
            self._transport.close()  # once the client has taken what is on its way

    # The clock

    @property
    def idle_since(self) -> float:
        """Since when (`time.monotonic`) the client does nothing; never while it waits for us."""
        if self._transport.get_write_buffer_size():
            return self._until - STALL_SECONDS
        return math.inf if self._requests else self._since

    def drop(self) -> None:
        """End it, whatever it is about; the kernel, too, keeps nothing for the client."""
        at_once = struct.pack("ii", 1, 0)
        with suppress(OSError):
            client = self._transport.get_extra_info("socket")
            client.setsockopt(SOL_SOCKET, SO_LINGER, at_once)
        self._transport.abort()

    def check(self, now: float, *, is_stopping: bool) -> None:
        """End what has taken too long."""
        unsent = self._transport.get_write_buffer_size()
        taken = self._given_bytes - unsent
        gained = (taken - self._taken_bytes) / MIN_BYTES_PER_SECOND
        self._taken_bytes = taken
        if unsent:
            self._until = min(self._until + gained, now + STALL_SECONDS)
            if now > self._until:
                self.drop()
            return
        self._until = now + STALL_SECONDS
        if self._requests or self._transport.is_closing():
            return
        waited = now - self._since
        if not self._came_bytes:
            if waited > IDLE_SECONDS or (is_stopping and not self._has_unread()):
                self._transport.close()
        elif self._came_bytes > MAX_HEAD_BYTES and waited > PASSED_ON_SECONDS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head is too long.")
        elif waited > (STOPPING_SECONDS if is_stopping or self.has_ended else HEAD_SECONDS):
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request came too slowly.")

    def _has_unread(self) -> bool:
        """Whether the kernel has something of the client's: closed now, it would be cut off."""
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket"), select.POLLIN)
        return bool(poll.poll(0))

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        self._transport.write(Refusal(status, message).told_as_bytes())
        self._transport.close()


class Connections:
    """Those of a worker, in the order they came."""

    def __init__(self, most: int, tell: Callable[[int], None]) -> None:
        """Keep no more than `most`; `tell` is called with their number when it changes."""
        self._most = most
        self._tell = tell
        self._all: dict[Connection, None] = {}

    def add(self, connection: Connection) -> None:
        """Keep one; of too many, the one that has been idle longest goes, or else the newest."""
        if len(self._all) >= self._most:
            idle = min(self._all, key=lambda each: each.idle_since)
            (idle if idle.idle_since < math.inf else connection).drop()
        self._all[connection] = None
        self._tell(len(self._all))

    def remove(self, connection: Connection) -> None:
        """Forget one that is closed."""
        self._all.pop(connection, None)
        self._tell(len(self._all))

    def __len__(self) -> int:
        return len(self._all)

    async def watch(self, listener: socket) -> None:
        """Look at all of them now and then; once their listener is closed, the worker stops."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            now, is_stopping = time.monotonic(), listener.fileno() < 0
            for connection in list(self._all):
                connection.check(now, is_stopping=is_stopping)


def current_connection() -> Connection:
    """Return the connection whose request the application has in this task."""
    return _current.get()


class Attended:
    """The layer that tells the connection what the application does."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on, and close the connection where the client or the answer says so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = current_connection()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                if b"connection" in names:
                    connection.closes_after_answer = True
                elif connection.closes_after_answer:
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            else:
                connection.gives(len(message.get("body", b"")))
            await send(message)

        connection.begin()
        connection.closes_after_answer = _asks_to_close(scope["headers"])
        try:
            await self._app(scope, receive, counted)
        finally:
            connection.end()


def _asks_to_close(headers: list[tuple[bytes, bytes]]) -> bool:
    options = [value for name, value in headers if name == b"connection"]
    if not options:
        return False
    return b"close" in [each.strip() for each in b",".join(options).lower().split(b",")]
