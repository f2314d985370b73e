"""A deploy: whoever is being answered is, and nobody else is waited for."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from tests.support.live_account import predict, token_of_new_account

pytestmark = pytest.mark.live

IDLE_CONNECTIONS = 50
# Two on a quiet machine (`make bench`); far from the 25 that idle connections could once take.
STOP_SECONDS = 8
PROBE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def site(postgres_url: str, model_directory: Path, tmp_path: Path) -> Iterator[LiveSite]:
    with (
        migrated_database(postgres_url, f"telltale_stop_{os.getpid()}") as database_url,
        running_site(database_url, tmp_path / "gunicorn.log", workers=2) as running,
    ):
        yield running


def test_a_stopping_server_answers_what_it_has_and_waits_for_no_idle_connection(
    site: LiveSite, cat: bytes
) -> None:
    token = token_of_new_account(site)
    address = urlsplit(site.url)
    with ExitStack() as connections, ThreadPoolExecutor(6) as pool:
        for number in range(IDLE_CONNECTIONS):
            client = socket.create_connection((address.hostname, address.port), 15)
            connections.enter_context(closing(client))
            if number % 2:  # the others have never sent a request
                client.sendall(PROBE)
                assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
        in_flight = [pool.submit(predict, site, token, cat) for _ in range(6)]
        deadline = time.monotonic() + 10
        while not any(each.done() for each in in_flight) and time.monotonic() < deadline:
            time.sleep(0.01)
        site.process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        site.process.wait(STOP_SECONDS)
        assert time.monotonic() - started < STOP_SECONDS

        assert {each.result()["label"] for each in in_flight} == {"tiger cat"}
