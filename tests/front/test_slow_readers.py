"""Whoever does not read an answer has a socket and a few kilobytes, and not for long."""

import time
from pathlib import Path

import psutil
import pytest

from harness.rude_clients import (
    GET_LARGE_FILE,
    LARGE_FILE,
    TINY_WINDOW_BYTES,
    clients_that_do_not_read,
    clients_that_sent,
    is_reset,
)
from harness.site import LiveSite
from server.front.connections import STALL_SECONDS
from tests.support.bystanders import assert_others_are_served

pytestmark = pytest.mark.live

MORE_THAN_THREADS = 60
MAX_BYTES_OF_A_READER = 2**19
LEEWAY_SECONDS = 10


def test_clients_that_do_not_read_hold_up_nobody_and_are_ended(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    workers = psutil.Process(live_site.process.pid).children()
    before = sum(worker.memory_info().rss for worker in workers)
    started = time.monotonic()
    with clients_that_do_not_read(live_site, MORE_THAN_THREADS) as clients:
        assert_others_are_served(live_site, token, cat)
        grown = sum(worker.memory_info().rss for worker in workers) - before
        assert grown < MORE_THAN_THREADS * MAX_BYTES_OF_A_READER
        while not all(map(is_reset, clients)):
            assert time.monotonic() - started < STALL_SECONDS + LEEWAY_SECONDS
            clients[0].recv(100)  # a trickle buys no time
            time.sleep(0.5)
    assert time.monotonic() - started > STALL_SECONDS / 2


def test_a_client_that_reads_steadily_gets_all_of_it(live_site: LiveSite) -> None:
    whole = Path(f"build{LARGE_FILE}").read_bytes()
    get = GET_LARGE_FILE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with clients_that_sent(live_site, 1, get, window_bytes=TINY_WINDOW_BYTES) as [client]:
        came = b""
        while piece := client.recv(65536):
            came += piece
            time.sleep(0.0005)
    assert came.partition(b"\r\n\r\n")[2] == whole
