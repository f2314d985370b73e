"""The event loop of a worker: it takes connections fairly, and has each one watched.

gunicorn's worker makes the loop it is given by asyncio's policy, and asks it for a server. Here the
server's sockets are accepted from one connection at a time, and ours stands before each protocol
(https://docs.python.org/3/library/asyncio-eventloop.html).
"""

import asyncio
import errno
import logging
import signal
from collections.abc import Callable
from functools import partial
from socket import SO_SNDBUF, SOL_SOCKET, socket
from typing import Any

from server.front.connections import Connection, Connections
from server.front.share import Share

GIVE_WAY_SECONDS = 0.001  # to workers with fewer connections
NO_DESCRIPTOR_SECONDS = 0.1
# Of an answer, for a client that is slow to take it, and twice that in Linux. By itself it would
# keep megabytes, and not tell for a long time that they are taken.
KERNEL_BYTES = 64 * 1024

logger = logging.getLogger(__name__)


class FrontLoop(asyncio.SelectorEventLoop):
    """Of one worker."""

    def __init__(self, most_connections: int) -> None:
        super().__init__()
        self._share = Share()
        self._connections = Connections(most_connections, self._share.tell)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._serving: asyncio.Task[Any] | None = None

    async def create_server(  # type: ignore[override] # of its forms, the one with a socket
        self,
        protocol_factory: Callable[[], asyncio.Protocol],
        *,
        sock: socket,
        **options: object,  # noqa: ARG002 - a worker's server has no further ones
    ) -> asyncio.Server:
        """Accept connections until the server is closed."""

        def protocol() -> Connection:
            return Connection(protocol_factory(), self._connections)

        self._serving = asyncio.current_task()
        self._accept_one = partial(self._accept, sock, protocol)
        server = await super().create_server(protocol, sock=sock, start_serving=False)
        sock.settimeout(0)
        sock.setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_BYTES)  # inherited by what it accepts
        self._share.tell(len(self._connections))
        self.add_reader(sock, self._offered, sock, protocol)
        self._keep(self._connections.watch(sock))
        return server

    def add_signal_handler(self, sig: int, callback: Callable[..., object], *args: object) -> None:
        """Call back when the signal comes, and see to it that a worker that shall end begins to."""
        super().add_signal_handler(sig, self._signalled, sig, callback, args)

    def _signalled(
        self, sig: int, callback: Callable[..., object], args: tuple[object, ...]
    ) -> None:
        callback(*args)
        if sig == signal.SIGTERM and self._serving is not None:
            while self._accept_one():  # nobody else will, once all workers have closed
                pass
            serving, self._serving = self._serving, None
            serving.cancel()  # out of the sleep in which it looks once a second

    def _offered(self, listener: socket, protocol: Callable[[], Connection]) -> None:
        if self._share.is_more_than_anothers():
            self.remove_reader(listener)
            self.call_later(GIVE_WAY_SECONDS, self._accept, listener, protocol)
        else:
            self._accept(listener, protocol)

    def _accept(self, listener: socket, protocol: Callable[[], Connection]) -> bool:
        """Accept a connection and listen on; return whether there was one."""
        if listener.fileno() < 0:  # closed meanwhile: the worker stops
            return False
        listen = partial(self.add_reader, listener, self._offered, listener, protocol)
        try:
            client, _ = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                logger.warning("No file descriptor is left for another connection.")
                self.remove_reader(listener)
                self.call_later(NO_DESCRIPTOR_SECONDS, self._accept, listener, protocol)
            else:
                listen()
            return False
        client.settimeout(0)
        self._keep(self.connect_accepted_socket(protocol, client))
        listen()
        return True

    def _keep(self, work: Any) -> None:  # noqa: ANN401 - a coroutine of whatever kind
        task = self.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class FrontLoopPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops; to be set in a worker before it makes its own."""

    def __init__(self, most_connections: int) -> None:
        super().__init__()
        self._most_connections = most_connections

    def new_event_loop(self) -> FrontLoop:
        """Return a loop."""
        return FrontLoop(self._most_connections)
