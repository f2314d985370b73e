"""The graph optimised for the CPU at hand."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from server.classifier import tuned_graph as module
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.exported_model import BACKBONE_FILE, directory_of
from server.classifier.onnx_engine import OnnxEngine
from server.classifier.tuned_graph import GRAPH_FILE, WEIGHTS_FILE, tuned_graph


@pytest.fixture
def graph_path(model_directory: Path, tmp_path: Path) -> Path:
    exported = directory_of(EFFICIENTNET_LITE0, model_directory) / BACKBONE_FILE
    return Path(shutil.copy(exported, tmp_path / BACKBONE_FILE))


def test_answers_as_the_exported_graph_does(graph_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), np.uint8)
    tuned = OnnxEngine(tuned_graph(graph_path)).features(pixels)
    exported = OnnxEngine(graph_path).features(pixels)
    np.testing.assert_allclose(tuned.embedding, exported.embedding, atol=1e-5)
    np.testing.assert_allclose(tuned.feature_map, exported.feature_map, atol=1e-5)


def test_is_made_once(graph_path: Path) -> None:
    first = tuned_graph(graph_path)
    made = first.stat().st_mtime_ns
    assert tuned_graph(graph_path) == first
    assert first.stat().st_mtime_ns == made
    assert {path.name for path in graph_path.parent.iterdir()} == {
        graph_path.name,
        first.parent.name,
    }


@pytest.mark.parametrize("name", [GRAPH_FILE, WEIGHTS_FILE, module.MANIFEST_FILE])
def test_is_made_anew_where_a_file_is_damaged(graph_path: Path, name: str) -> None:
    tuned = tuned_graph(graph_path)
    whole = (tuned.parent / name).read_bytes()
    (tuned.parent / name).write_bytes(whole[:-10])
    assert tuned_graph(graph_path) == tuned
    assert (tuned.parent / name).read_bytes() == whole


def test_another_cpu_gets_a_graph_of_its_own(
    graph_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tuned_graph(graph_path)
    description = tmp_path / "cpuinfo"
    description.write_text("processor : 0\nflags : fpu sse2\n")
    monkeypatch.setattr(module, "CPU_DESCRIPTION", description)
    assert tuned_graph(graph_path).parent != here.parent


def test_a_disk_that_takes_nothing_leaves_the_exported_graph(
    graph_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.tempfile, "TemporaryDirectory", full)
    assert tuned_graph(graph_path) == graph_path
    assert "No space left" in caplog.text


def test_of_several_processes_one_makes_it(graph_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from server.classifier.tuned_graph import *;"
        "print(tuned_graph(Path(sys.argv[1])).stat().st_ino)"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, graph_path], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    inodes = {process.communicate(timeout=60)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(inodes) == 1


def test_onnx_runtime_starts_no_thread_that_a_fork_would_lose() -> None:
    program = (
        "import os, server.classifier.tuned_graph;"
        "print(len(os.listdir('/proc/self/task')) if os.path.isdir('/proc/self/task') else 1)"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    printed = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == "1\n"
