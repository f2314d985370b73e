"""What the master loads for its workers, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.paths import ROOT

PROGRAM = """
import gc, json, sys, threading
from server import memory
memory.begin_loading()
collected_while_loading = gc.isenabled()
import server.asgi
memory.load_what_workers_share()
def loaded():
    return sorted({"asyncpg", "pillow_heif"} & sys.modules.keys())
before_the_first = loaded()
memory.load_the_rest()
from server.classifier import checksum
print(json.dumps({
    "collected_while_loading": collected_while_loading,
    "collects": gc.isenabled(),
    "frozen": gc.get_freeze_count() > 100_000,
    "threads": threading.active_count(),
    "schema": "server.api.schema" in sys.modules,
    "plans": {"strawberry_django", "server.plans.plan"} <= sys.modules.keys(),
    "onnxruntime": "onnxruntime" in sys.modules,
    "before_the_first": before_the_first,
    "before_the_others": loaded(),
    "torch": "torch" in sys.modules,
    "files_read": checksum._sha256.cache_info().currsize,
}))
"""


@pytest.fixture(scope="module")
def loaded(model_directory: Path) -> dict[str, object]:
    printed = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "server.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, object] = json.loads(printed.stdout)
    return answer


def test_nothing_is_collected_while_loading_and_everything_after(loaded: dict[str, object]) -> None:
    assert loaded["collected_while_loading"] is False
    assert loaded["collects"] is True
    assert loaded["frozen"] is True


def test_what_every_request_needs_is_there_before_the_fork(loaded: dict[str, object]) -> None:
    assert loaded["schema"] is True
    assert loaded["plans"] is True
    assert loaded["onnxruntime"] is True
    assert loaded["torch"] is False


def test_what_a_first_prediction_does_not_need_is_there_before_the_second_worker_is(
    loaded: dict[str, object],
) -> None:
    assert loaded["before_the_first"] == []
    assert loaded["before_the_others"] == ["asyncpg", "pillow_heif"]


def test_no_thread_is_left_that_a_fork_would_lose(loaded: dict[str, object]) -> None:
    assert loaded["threads"] == 1


def test_the_files_of_the_model_have_been_read(loaded: dict[str, object]) -> None:
    assert isinstance(loaded["files_read"], int)
    assert loaded["files_read"] >= 4
