"""Clients that send something and nothing more, or ask for much and do not read it."""

import select
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager

from harness.ports import HOST
from harness.site import LiveSite

LARGE_FILE = "/static/graphiql/graphiql.min.js"  # 3.5 MB
GET_LARGE_FILE = (
    f"GET {LARGE_FILE} HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n\r\n"
).encode()
TINY_WINDOW_BYTES = 4096
TIMEOUT_SECONDS = 30


@contextmanager
def clients_that_sent(
    site: LiveSite, count: int, beginning: bytes, *, window_bytes: int | None = None
) -> Iterator[list[socket.socket]]:
    """Open so many connections, send the same on each, and do nothing more."""
    with ExitStack() as connections:
        clients = []
        for _ in range(count):
            client = connections.enter_context(closing(socket.socket()))
            if window_bytes is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
            client.settimeout(TIMEOUT_SECONDS)
            client.connect((HOST, site.port))
            client.sendall(beginning)
            clients.append(client)
        yield clients


def clients_that_do_not_read(
    site: LiveSite, count: int
) -> AbstractContextManager[list[socket.socket]]:
    """Ask for the large file on so many connections, each of which takes a few kilobytes."""
    return clients_that_sent(site, count, GET_LARGE_FILE, window_bytes=TINY_WINDOW_BYTES)


def is_reset(client: socket.socket) -> bool:
    """Whether the server has ended the connection, read or unread."""
    poll = select.poll()
    poll.register(client, 0)
    return bool(poll.poll(0))


def is_ended(client: socket.socket, within_seconds: float) -> bool:
    """Return whether the server ends the connection in time, whatever it says before."""
    deadline = time.monotonic() + within_seconds
    try:
        while (left := deadline - time.monotonic()) > 0:
            client.settimeout(left)
            if not client.recv(65536):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True
    return False
