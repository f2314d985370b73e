"""What is left of a connection that is closed: nothing of what it received."""

import json

import httpx
import psutil
import pytest

from harness.site import LiveSite

pytestmark = pytest.mark.live

CONNECTIONS = 200
BODY_BYTES = 128 * 1024  # below what waits in a file
MAX_GROWTH_BYTES = CONNECTIONS * BODY_BYTES // 3


def test_bodies_of_closed_connections_are_not_kept(live_site: LiveSite) -> None:
    body = {"query": "{ __typename }", "variables": {"unused": "x" * BODY_BYTES}}
    content = json.dumps(body).encode()
    workers = psutil.Process(live_site.process.pid).children()

    def own_bytes() -> int:
        return sum(worker.memory_full_info().uss for worker in workers)

    def ask(count: int) -> None:
        for _ in range(count):
            with httpx.Client() as client:  # a connection each
                answer = client.post(
                    f"{live_site.url}/graphql",
                    content=content,
                    headers={"Content-Type": "application/json"},
                )
            assert answer.json() == {"data": {"__typename": "Query"}}

    ask(CONNECTIONS // 4)
    before = own_bytes()
    ask(CONNECTIONS)

    assert own_bytes() - before < MAX_GROWTH_BYTES
