"""Connections are shared out evenly among the workers."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from server.front import share
from server.front.share import Share

WORKERS = 2


@pytest.fixture
def two_workers(postgres_url: str, model_directory: Path, tmp_path: Path) -> Iterator[LiveSite]:
    with (
        migrated_database(postgres_url, f"telltale_share_{os.getpid()}") as database_url,
        running_site(database_url, tmp_path / "gunicorn.log", workers=WORKERS) as site,
    ):
        yield site


def test_a_worker_that_ends_holds_nobody_back() -> None:
    share.prepare()
    one = Share()
    share.prepare()
    other = Share()
    one.tell(3)
    assert not one.is_more_than_anothers()
    other.tell(2)
    assert one.is_more_than_anothers()
    assert not other.is_more_than_anothers()
    other.tell(3)
    assert not one.is_more_than_anothers()
    other.tell(0)
    assert one.is_more_than_anothers()
    share.forget(os.getpid())
    assert not one.is_more_than_anothers()


@pytest.mark.live
def test_connections_that_come_together_are_shared_out(two_workers: LiveSite) -> None:
    address = urlsplit(two_workers.url)
    workers = psutil.Process(two_workers.process.pid).children()
    assert len(workers) == WORKERS
    with ExitStack() as connections:
        for number in range(1, 21):
            client = socket.create_connection((address.hostname, address.port))
            connections.enter_context(closing(client))
            client.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200")
            shares = [established(worker, address.port) for worker in workers]
            assert sum(shares) == number
        # Not always to the last: whoever is asleep for longer than it is given way misses its turn.
        assert min(shares) >= number // 2 - 3


def established(worker: psutil.Process, port: int | None) -> int:
    connections = worker.net_connections("tcp")
    return sum(
        each.laddr.port == port and each.status == psutil.CONN_ESTABLISHED for each in connections
    )
