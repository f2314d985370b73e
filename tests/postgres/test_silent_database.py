"""A database that falls silent under a live site: whoever asks is told soon, and it lives."""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from harness.slow_wire import SlowWire, slow_wire
from tests.support.live_account import token_of_new_account

pytestmark = pytest.mark.live
PATIENCE_SECONDS = 2
# With one thread for each, and what they wait for one after the other; it was more than 45.
TOLD_WITHIN_SECONDS = 25
AT_ONCE = 24  # more than a worker has threads and connections
DOCUMENTS = (
    "{ viewer { email history(first: 5) { edges { node { id } } } } }",
    "{ viewer { quota { used } } }",
)


@pytest.fixture(scope="module")
def wired(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LiveSite, SlowWire]]:
    log = tmp_path_factory.mktemp("wired_site") / "gunicorn.log"
    variables = {"DATABASE_PATIENCE_SECONDS": str(PATIENCE_SECONDS)}
    with (
        migrated_database(postgres_url, f"telltale_wired_{os.getpid()}") as database_url,
        slow_wire(database_url) as wire,
        running_site(wire.database_url, log, variables=variables) as site,
    ):
        yield site, wire


def ask(site: LiveSite, token: str, document: str) -> httpx.Response:
    return httpx.post(
        f"{site.url}/graphql",
        content=json.dumps({"query": document}),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=60,
    )


def test_it_is_busy_and_lives_and_goes_on(wired: tuple[LiveSite, SlowWire]) -> None:
    site, wire = wired
    token = token_of_new_account(site)
    documents = [DOCUMENTS[number % 2] for number in range(AT_ONCE)]
    for document in documents:
        assert "errors" not in ask(site, token, document).json()

    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as clients:
        with wire.silence():
            asking = [clients.submit(ask, site, token, document) for document in documents]
            alive = 0
            while not all(each.done() for each in asking):
                assert httpx.get(f"{site.url}/health/live", timeout=2).status_code == 200
                alive += 1
                time.sleep(0.2)
            assert httpx.get(f"{site.url}/health/ready", timeout=30).status_code == 503
        told = [each.result() for each in asking]

    assert alive
    assert time.monotonic() - started < TOLD_WITHIN_SECONDS
    assert {answer.status_code for answer in told} <= {200, 503}
    codes = {
        error["extensions"]["code"]
        for answer in told
        if answer.headers["Content-Type"].startswith("application/json")
        for error in answer.json()["errors"]
    }
    assert codes == {"BUSY"}

    deadline = time.monotonic() + 10
    while "errors" in ask(site, token, DOCUMENTS[0]).json():
        assert time.monotonic() < deadline, "it does not recover"


def test_a_connection_that_is_cut_is_made_anew(wired: tuple[LiveSite, SlowWire]) -> None:
    site, wire = wired
    token = token_of_new_account(site)
    for _ in range(4):
        ask(site, token, DOCUMENTS[0])
    wire.cut()
    answers = [ask(site, token, DOCUMENTS[number % 2]) for number in range(6)]
    assert ["errors" in answer.json() for answer in answers] == [False] * 6
