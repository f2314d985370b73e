"""From exec to the first answered prediction, against the least that has to be loaded for it."""

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import own_database
from harness.accounts import new_token
from harness.connection import Connection
from harness.environment import production_environment
from harness.photos import photos_of_100_kb
from harness.ports import free_port
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite, start
from scripts.paths import MODELS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.exported_model import BACKBONE_FILE, directory_of

TIMEOUT_SECONDS = 30
POLL_SECONDS = 0.01
# Bare Python: the frameworks as their users import them, and the graph, ready to run.
FLOOR = """
import os, sys
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import django.core.handlers.wsgi, django.contrib.auth, django.db.models, strawberry
import onnxruntime
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
"""


@dataclass(frozen=True)
class ColdStart:
    """Seconds from exec, of one start after the other."""

    floor: list[float]
    live: list[float]  # until /health/live answered
    ready: list[float]  # until /health/ready did: a worker has its model
    first_prediction: list[float]

    @property
    def ratios(self) -> list[float]:
        """Ours ÷ the floor of the same alternation."""
        return [ours / floor for ours, floor in zip(self.first_prediction, self.floor, strict=True)]


def measure_cold_start(folder: Path, *, alternations: int) -> ColdStart:
    """Start the floor and the service in turn, so often."""
    measured = ColdStart([], [], [], [])
    body = predict_body(photos_of_100_kb(1)[0])
    with own_database(folder / "cold-start-postgres") as database_url:
        environment = production_environment(database_url, {})
        site = start(environment, folder / "server.log")
        site.wait_until_ready()
        token = new_token(site.port)  # it outlives the server
        site.stop()
        for _ in range(alternations):
            measured.floor.append(_floor_seconds())
            live, ready, predicted = _our_seconds(environment, folder, token, body)
            measured.live.append(live)
            measured.ready.append(ready)
            measured.first_prediction.append(predicted)
    return measured


def _floor_seconds() -> float:
    graph = directory_of(EFFICIENTNET_LITE0, MODELS) / BACKBONE_FILE
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", FLOOR, str(graph)], check=True, cwd=tempfile.gettempdir())
    return time.monotonic() - started


def _our_seconds(
    environment: dict[str, str], folder: Path, token: str, body: bytes
) -> tuple[float, float, float]:
    port = free_port()
    started = time.monotonic()
    site = start(environment, folder / "server.log", port=port)
    try:
        seen: dict[str, float] = {}
        watchers = [
            threading.Thread(target=_watch, args=(site, path, seen, started))
            for path in ("/health/live", "/health/ready")
        ]
        for watcher in watchers:
            watcher.start()
        predicted = _first_prediction(site, token, body, started)
        for watcher in watchers:
            watcher.join()
        return seen["/health/live"], seen["/health/ready"], predicted
    finally:
        site.stop()


def _watch(site: LiveSite, path: str, seen: dict[str, float], started: float) -> None:
    while time.monotonic() - started < TIMEOUT_SECONDS:
        if site.answers(path):
            seen[path] = time.monotonic() - started
            return
        time.sleep(POLL_SECONDS)


def _first_prediction(site: LiveSite, token: str, body: bytes, started: float) -> float:
    while time.monotonic() - started < TIMEOUT_SECONDS:
        connection = Connection(site.port, token, timeout_seconds=TIMEOUT_SECONDS)
        try:
            answer = connection.post(body, MULTIPART)
        except (OSError, http.client.HTTPException):
            time.sleep(POLL_SECONDS)
            continue
        finally:
            connection.close()
        if json.loads(answer.body).get("data"):
            return time.monotonic() - started
    raise TimeoutError(f"No prediction within {TIMEOUT_SECONDS} s; see {site.log}.")


def median(values: Sequence[float]) -> float:
    """Return the middle value, the upper one of two."""
    return sorted(values)[len(values) // 2]
