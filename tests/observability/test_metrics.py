"""`/metrics`: behind a token, and true for all workers together."""

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from harness.databases import migrated_database
from harness.site import LiveSite, running_site
from tests.support.api import PREDICT
from tests.support.live_account import token_of_new_account

TOKEN = "a token of the operator"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
WORKERS = 3
MODELS = {"query": "{ models { name } }"}


@pytest.fixture
def site(postgres_url: str, model_directory: Path, tmp_path: Path) -> Iterator[LiveSite]:
    with (
        migrated_database(postgres_url, f"telltale_metrics_{os.getpid()}") as database_url,
        running_site(
            database_url,
            tmp_path / "gunicorn.log",
            workers=WORKERS,
            variables={"METRICS_TOKEN": TOKEN},
        ) as live,
    ):
        yield live


def figures(site: LiveSite) -> dict[str, float]:
    """Every sample by its name with labels."""
    answer = httpx.get(f"{site.url}/metrics", headers=BEARER, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    samples = re.findall(r"^(\w+(?:{.*})?) (\S+)$", answer.text, re.MULTILINE)
    return {name: float(value) for name, value in samples}


def worker_pids(samples: dict[str, float]) -> set[int]:
    found = (
        re.fullmatch(r'telltale_process_memory_bytes{pid="(\d+)",role="worker"}', name)
        for name in samples
    )
    return {int(match[1]) for match in found if match}


def test_without_a_token_set_there_is_no_such_page(client: Client) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404


@pytest.mark.parametrize("header", [None, "Bearer wrong", f"Basic {TOKEN}", "Bearer", "é"])
def test_a_wrong_token_is_refused(client: Client, settings: Settings, header: str | None) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={"Authorization": header} if header else {})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert b"telltale_" not in answer.content


def test_the_right_one_is_answered_whatever_the_host(client: Client, settings: Settings) -> None:
    client.get("/nowhere")
    settings.METRICS_TOKEN = TOKEN
    settings.ALLOWED_HOSTS = ["telltale.example"]
    answer = client.get("/metrics", headers=BEARER | {"Host": "10.1.2.3"})

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert b"telltale_requests_total" in answer.content


@pytest.mark.live
def test_all_workers_count_together_and_a_killed_one_takes_nothing_along(
    site: LiveSite, cat: bytes
) -> None:
    token = token_of_new_account(site)
    requests = 60
    with ThreadPoolExecutor(8) as pool, httpx.Client() as http:

        def ask(_number: int) -> int:
            return http.post(f"{site.url}/graphql", json=MODELS).status_code

        assert set(pool.map(ask, range(requests))) == {200}
    predict(site, token, cat)

    before = figures(site)
    assert before['telltale_requests_total{operation="models",status="200"}'] == requests
    assert before['telltale_request_seconds_count{operation="models"}'] == requests
    assert predictions(before) == Counter({"answered": 1})
    assert before["telltale_inference_seconds_count"] == 1
    assert before["telltale_prediction_wait_seconds_count"] == 1
    assert before["telltale_predictions_waiting"] == 0
    assert before["telltale_predictions_in_flight"] == 0
    workers = worker_pids(before)
    assert len(workers) == WORKERS
    assert all(
        size > 2**20 for name, size in before.items() if name.startswith("telltale_process_")
    )

    victim = min(workers)
    os.kill(victim, signal.SIGKILL)
    deadline = time.monotonic() + 20
    after: dict[str, float] = {}
    while time.monotonic() < deadline and len(worker_pids(after) - {victim}) < WORKERS:
        time.sleep(0.2)
        after = figures(site)
    assert len(worker_pids(after) - {victim}) == WORKERS
    assert after['telltale_requests_total{operation="models",status="200"}'] == requests
    assert predictions(after) == Counter({"answered": 1})


@pytest.mark.live
def test_refused_pictures_are_counted_by_what_was_wrong(site: LiveSite) -> None:
    token = token_of_new_account(site)
    predict(site, token, b"no picture at all")
    predict(site, token, b"")
    predict(site, token, b"no picture", model="a name of the client's")

    samples = figures(site)
    assert predictions(samples) == Counter(
        {"ImageFormatUnsupported": 1, "ImageEmpty": 1, "ModelUnknown": 1}
    )
    assert "a name of the client" not in " ".join(samples)
    assert samples['telltale_graphql_errors_total{code="IMAGE_EMPTY"}'] == 1


def test_the_figures_are_removed_with_the_server(
    postgres_url: str, model_directory: Path, tmp_path: Path
) -> None:
    with (
        migrated_database(postgres_url, f"telltale_metrics_{os.getpid()}") as database_url,
        running_site(database_url, tmp_path / "gunicorn.log") as live,
    ):
        environment = Path(f"/proc/{live.process.pid}/task/{live.process.pid}/children")
        worker = environment.read_text().split()[0]
        maps = Path(f"/proc/{worker}/maps").read_text()
        (folder,) = set(re.findall(r"\S*telltale-metrics-[^/]+", maps))
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def predict(site: LiveSite, token: str, image: bytes, model: str | None = None) -> None:
    variables = {"input": {"image": {"upload": None}, "model": model}}
    operations = json.dumps({"query": PREDICT, "variables": variables})
    answer = httpx.post(
        f"{site.url}/graphql",
        data={"operations": operations, "map": '{"photo": ["variables.input.image.upload"]}'},
        files={"photo": ("photo", image)},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.status_code == 200
    assert "errors" not in answer.json(), answer.text


def predictions(samples: dict[str, float]) -> Counter[str]:
    """How many predictions ended how."""
    counts: Counter[str] = Counter()
    for name, value in samples.items():
        match = re.fullmatch(r'telltale_predictions_total{.*outcome="(\w+)"}', name)
        if match:
            counts[match[1]] += int(value)
    return counts
