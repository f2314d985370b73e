"""The event loop of a worker: how many connections there may be, and which one goes."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from server.front.loop import FrontLoop, FrontLoopPolicy

MOST = 4


class Upper(asyncio.Protocol):
    """Answers each line with its capitals."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data.upper())


Connect = Callable[[], socket.socket]


@pytest.fixture
def loop() -> Iterator[FrontLoop]:
    loop = FrontLoopPolicy(MOST).new_event_loop()
    assert isinstance(loop, FrontLoop)
    with closing(loop):
        yield loop
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))


@pytest.fixture
def connect(loop: FrontLoop) -> Iterator[Connect]:
    """Make clients of a server in the loop, which runs for a moment after each."""
    listener = socket.create_server(("127.0.0.1", 0))
    clients: list[socket.socket] = []
    server = loop.run_until_complete(loop.create_server(Upper, sock=listener))

    def connected() -> socket.socket:
        client = socket.create_connection(listener.getsockname(), 5)
        clients.append(client)
        loop.run_until_complete(asyncio.sleep(0.05))
        return client

    yield connected
    for client in clients:
        client.close()
    server.close()
    while loop._connections:
        loop.run_until_complete(asyncio.sleep(0.05))


def is_open(client: socket.socket) -> bool:
    client.settimeout(0)
    try:
        return bool(client.recv(100))
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


def test_of_too_many_connections_the_one_that_was_idle_longest_goes(connect: Connect) -> None:
    first = [connect() for _ in range(MOST)]
    assert all(map(is_open, first))

    second = [connect() for _ in range(2)]

    assert [is_open(each) for each in first] == [False, False, True, True]
    assert all(map(is_open, second))


def test_what_is_sent_goes_through(connect: Connect, loop: FrontLoop) -> None:
    client = connect()
    client.sendall(b"hello")
    loop.run_until_complete(asyncio.sleep(0.05))

    assert client.recv(100) == b"HELLO"


def test_told_to_end_a_worker_takes_whoever_waits_and_begins_at_once() -> None:
    waiting = 10
    loop = FrontLoopPolicy(2 * waiting).new_event_loop()
    assert isinstance(loop, FrontLoop)
    told = []

    async def serve() -> int:
        loop.add_signal_handler(signal.SIGTERM, told.append, "SIGTERM")
        server = await loop.create_server(Upper, sock=listener)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(60)
        server.close()
        await asyncio.sleep(0.05)
        return len(loop._connections)

    with closing(loop):
        with ExitStack() as clients:
            listener = socket.create_server(("127.0.0.1", 0))
            for _ in range(waiting):
                client = socket.create_connection(listener.getsockname(), 5)
                clients.enter_context(closing(client))
            assert loop.run_until_complete(serve()) == waiting
        assert told == ["SIGTERM"]
        while loop._connections:
            loop.run_until_complete(asyncio.sleep(0.05))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
