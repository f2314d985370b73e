"""Whoever does not read an answer has a socket and a few kilobytes, and not for long."""

import select
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from harness.site import LiveSite
from server.front.connections import STALL_SECONDS
from tests.support.rude_clients import (
    TINY_WINDOW_BYTES,
    assert_others_are_served,
    clients_that_sent,
)

pytestmark = pytest.mark.live

FILE = "/static/graphiql/graphiql.min.js"  # 3.5 MB
GET = f"GET {FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
MORE_THAN_THREADS = 60
MAX_BYTES_OF_A_READER = 2**19
LEEWAY_SECONDS = 10


def is_reset(client: socket.socket) -> bool:
    poll = select.poll()
    poll.register(client, 0)
    return bool(poll.poll(0))


def test_clients_that_do_not_read_hold_up_nobody_and_are_ended(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    workers = psutil.Process(live_site.process.pid).children()
    before = sum(worker.memory_info().rss for worker in workers)
    started = time.monotonic()
    with clients_that_sent(
        live_site, MORE_THAN_THREADS, GET, window_bytes=TINY_WINDOW_BYTES
    ) as clients:
        assert_others_are_served(live_site, token, cat)
        grown = sum(worker.memory_info().rss for worker in workers) - before
        assert grown < MORE_THAN_THREADS * MAX_BYTES_OF_A_READER
        while not all(map(is_reset, clients)):
            assert time.monotonic() - started < STALL_SECONDS + LEEWAY_SECONDS
            clients[0].recv(100)  # a trickle buys no time
            time.sleep(0.5)
    assert time.monotonic() - started > STALL_SECONDS / 2


def test_a_client_that_reads_steadily_gets_all_of_it(live_site: LiveSite) -> None:
    address = urlsplit(live_site.url)
    whole = Path("build/static/graphiql/graphiql.min.js").read_bytes()
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TINY_WINDOW_BYTES)
        client.settimeout(30)
        client.connect((address.hostname, address.port))
        client.sendall(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        came = b""
        while piece := client.recv(65536):
            came += piece
            time.sleep(0.0005)
    assert came.partition(b"\r\n\r\n")[2] == whole
