import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from tests.support.live_account import predict, token_of_new_account

pytestmark = pytest.mark.live

PROC = Path("/proc")
RECOVERY_SECONDS = 30
TOLERANCE = 1e-3  # of a probability, between the engines


def workers(site: LiveSite) -> list[psutil.Process]:
    return psutil.Process(site.process.pid).children()


def mapped_libraries(process: psutil.Process) -> str:
    return (PROC / str(process.pid) / "maps").read_text()


@contextmanager
def asleep(process: psutil.Process) -> Iterator[None]:
    """Stop a process for a while."""
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it has not become true in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def token(live_site: LiveSite) -> str:
    return token_of_new_account(live_site)


@pytest.mark.skipif(not PROC.is_dir(), reason="asks /proc which libraries a process has loaded")
def test_a_web_worker_that_predicts_has_never_loaded_torch(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    for busy, idle in ((0, 1), (1, 0)):
        with asleep(workers(live_site)[idle]):
            predict(live_site, token, cat)
        libraries = mapped_libraries(workers(live_site)[busy])

        assert "onnxruntime" in libraries
        assert "torch" not in libraries


def test_each_of_two_workers_answers_while_the_other_does_not(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    first, second = workers(live_site)
    for silent in (first, second):
        with asleep(silent):
            assert predict(live_site, token, cat)["label"] == "tiger cat"


def test_the_site_recovers_when_a_worker_is_killed(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    killed, survivor = workers(live_site)

    killed.send_signal(signal.SIGKILL)

    assert predict(live_site, token, cat)["label"] == "tiger cat"
    wait_until(lambda: len(workers(live_site)) == 2 and killed not in workers(live_site))
    with asleep(survivor):
        live_site.wait_until_ready()
        assert predict(live_site, token, cat)["label"] == "tiger cat"


def test_the_reference_engine_answers_the_same_from_torch(
    live_site: LiveSite,
    token: str,
    cat: bytes,
    postgres_url: str,
    tmp_path: Path,
) -> None:
    served = predict(live_site, token, cat)
    variables = {"TELLTALE_ENGINE": "torch"}

    with (
        migrated_database(postgres_url, f"telltale_torch_{os.getpid()}") as database_url,
        running_site(database_url, tmp_path / "gunicorn.log", variables=variables) as site,
    ):
        reference = predict(site, token_of_new_account(site), cat)
        if PROC.is_dir():
            assert "torch" in mapped_libraries(workers(site)[0])

    assert reference["model"] == served["model"]
    assert [score["label"] for score in reference["scores"]] == [
        score["label"] for score in served["scores"]
    ]
    for ours, theirs in zip(served["scores"], reference["scores"], strict=True):
        assert ours["probability"] == pytest.approx(theirs["probability"], abs=TOLERANCE)


def test_a_predictions_crop_is_served_to_the_token_that_made_it_and_to_nobody_else(
    live_site: LiveSite, token: str, cat: bytes
) -> None:
    url = f"{live_site.url}{predict(live_site, token, cat)['image']['url']}"
    stranger = token_of_new_account(live_site)

    mine = httpx.get(url, headers={"Authorization": f"Bearer {token}"})
    theirs = httpx.get(url, headers={"Authorization": f"Bearer {stranger}"})

    assert (mine.status_code, mine.headers["Content-Type"]) == (200, "image/jpeg")
    assert theirs.status_code == 404
