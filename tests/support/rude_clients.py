"""Clients that attack a live site, and those who use it meanwhile."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import httpx

from harness.site import LiveSite
from tests.support.live_account import predict

LIVE_SECONDS = 2.0  # hung is what the attacks want; a slow machine is none
TINY_WINDOW_BYTES = 4096


@contextmanager
def clients_that_sent(
    site: LiveSite, count: int, beginning: bytes, *, window_bytes: int | None = None
) -> Iterator[list[socket.socket]]:
    """Open so many connections, send the same on each, and do nothing more."""
    address = urlsplit(site.url)
    with ExitStack() as connections:
        clients = []
        for _ in range(count):
            client = connections.enter_context(closing(socket.socket()))
            if window_bytes is not None:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
            client.settimeout(30)
            client.connect((address.hostname, address.port))
            client.sendall(beginning)
            clients.append(client)
        yield clients


def assert_others_are_served(site: LiveSite, token: str, photo: bytes) -> None:
    """Probe, ask and predict: nobody else notices anything."""
    for _ in range(5):
        assert httpx.get(f"{site.url}/health/live", timeout=LIVE_SECONDS).status_code == 200
    answer = httpx.post(f"{site.url}/graphql", json={"query": "{ __typename }"}, timeout=10)
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert predict(site, token, photo)["label"] == "tiger cat"


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
