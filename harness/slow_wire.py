"""A wire to PostgreSQL that is long, or falls silent, without the program at its end knowing.

A firewall that forgets a connection, a pooler that is paused, a server that hangs: nothing comes,
and nothing says so. `silence` does that to every connection there is and to those that are made.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

LOOPBACK = "127.0.0.1"
POSTGRES_PORT = 5432
START_SECONDS = 10


class SlowWire:
    """Passes on what comes on a port of its own; every piece is `delay_seconds` under way."""

    def __init__(self, database_url: str, delay_seconds: float) -> None:
        """Lay it to the PostgreSQL of an address, which may be that of a Unix socket."""
        self._target = urlsplit(database_url)
        self.delay_seconds = delay_seconds
        self.loop = asyncio.new_event_loop()
        self._is_silent = False
        self._ends: set[_End] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def database_url(self) -> str:
        """The address of the same database at the other end of the wire."""
        target = self._target
        user = quote(target.username or "", safe="")
        password = f":{target.password}" if target.password else ""
        return f"postgresql://{user}{password}@{LOOPBACK}:{self.port}{target.path}"

    @property
    def is_silent(self) -> bool:
        """Whether nothing gets through."""
        return self._is_silent

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Let nothing through for as long as the block lasts; then all that was held back."""
        self._call(self._fall_silent)
        try:
            yield
        finally:
            self._call(self._speak)

    def cut(self) -> None:
        """End every connection."""
        self._call(self._abort)

    def open(self) -> None:
        """Listen; runs in the wire's own thread until it is closed."""
        self._server = self.loop.run_until_complete(
            self.loop.create_server(lambda: _End(self, None), LOOPBACK, 0)
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Stop listening and end every connection."""
        assert self._server is not None  # noqa: S101 - it was opened
        self._call(self._server.close)
        self.cut()
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def reach(self, near: "_End") -> None:
        """Connect to PostgreSQL on behalf of somebody who has connected here."""
        try:
            (_, far) = await self._connected(near)
        except OSError:
            near.transport.abort()
            return
        near.meets(far)
        self._wake()

    def joins(self, end: "_End") -> None:
        """Know of an end of a connection."""
        self._ends.add(end)

    def leaves(self, end: "_End") -> None:
        """Forget it."""
        self._ends.discard(end)

    async def _connected(self, near: "_End") -> "tuple[asyncio.BaseTransport, _End]":
        hosts = parse_qs(self._target.query).get("host", [])
        port = self._target.port or POSTGRES_PORT
        if hosts and hosts[0].startswith("/"):
            path = Path(hosts[0]) / f".s.PGSQL.{port}"
            return await self.loop.create_unix_connection(lambda: _End(self, near), str(path))
        host = self._target.hostname or LOOPBACK
        return await self.loop.create_connection(lambda: _End(self, near), host, port)

    def _fall_silent(self) -> None:
        self._is_silent = True

    def _speak(self) -> None:
        self._is_silent = False
        self._wake()

    def _wake(self) -> None:
        for end in tuple(self._ends):
            end.pass_on()

    def _abort(self) -> None:
        for end in tuple(self._ends):
            end.transport.abort()

    def _call(self, action: Callable[[], object]) -> None:
        done = threading.Event()

        def act() -> None:
            action()
            done.set()

        self.loop.call_soon_threadsafe(act)
        done.wait(START_SECONDS)


class _End(asyncio.Protocol):
    """One end of a connection: of the program's, or of PostgreSQL's."""

    transport: asyncio.Transport

    def __init__(self, wire: SlowWire, other: "_End | None") -> None:
        self._wire = wire
        self._other = other
        self._is_near = other is None
        self._held: deque[bytes | None] = (
            deque()
        )  # what was under way long enough and may not go on

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a stream
        self.transport = transport
        self._wire.joins(self)
        if self._is_near:
            self._reaching = self._wire.loop.create_task(self._wire.reach(self))

    def data_received(self, data: bytes) -> None:
        self._sets_out(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as asyncio calls it
        self._wire.leaves(self)
        self._sets_out(None)

    def meets(self, far: "_End") -> None:
        self._other = far

    def pass_on(self) -> None:
        while self._held and self._other is not None and not self._wire.is_silent:
            data = self._held.popleft()
            if data is None:
                self._other.transport.close()
            else:
                self._other.transport.write(data)

    def _sets_out(self, data: bytes | None) -> None:
        """Send a piece on its way; None is the end of the connection."""
        if self._wire.delay_seconds:
            self._wire.loop.call_later(self._wire.delay_seconds, self._arrives, data)
        else:
            self._arrives(data)

    def _arrives(self, data: bytes | None) -> None:
        self._held.append(data)
        self.pass_on()


@contextmanager
def slow_wire(database_url: str, *, delay_seconds: float = 0.0) -> Iterator[SlowWire]:
    """Lay a wire to a database, whose two ways take `delay_seconds` each."""
    wire = SlowWire(database_url, delay_seconds)
    wire.open()
    thread = threading.Thread(target=wire.loop.run_forever, name="slow wire", daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.close()
        thread.join()
        wire.loop.close()
