"""The exported graph once more, optimised for the CPU at hand, its weights in a file of their own.

ONNX Runtime maps such weights instead of copying them: four workers share 13 MB where each had 17
of its own, and a session is made in about 5 ms instead of 120. What it optimises for one CPU must
not run on another, and a deployment is built on one machine and served on others: so it is made
where it is served, by the first worker that loads the model, and kept for this CPU alone.
https://onnxruntime.ai/docs/performance/model-optimizations/graph-optimizations.html
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import platform
import shutil
import tempfile
from pathlib import Path

import onnxruntime

from server.classifier.checksum import sha256_of_file

GRAPH_FILE = "backbone.onnx"
WEIGHTS_FILE = "backbone.weights"
MANIFEST_FILE = "manifest.json"
CPU_DESCRIPTION = Path("/proc/cpuinfo")
MIN_MAPPED_BYTES = "1024"  # smaller arrays stay in the graph

logger = logging.getLogger(__name__)


def tuned_graph(graph_path: Path) -> Path:
    """Return the tuned form of ``graph_path``, making it where it is missing or damaged.

    It lies in a folder beside the graph. Where that can't be written, the graph itself is returned:
    it gives the same answers. Of several processes one makes it, and the others wait for that.
    """
    directory = graph_path.parent / f"tuned-{_fingerprint()}"
    with graph_path.open("rb") as lock:  # a lock that needs no file of its own
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if not _is_whole(directory):
                _tune(graph_path, directory)
        except Exception as error:  # noqa: BLE001 - a full disk, or whatever ONNX Runtime raises
            logger.warning("The graph is served untuned, for it can't be tuned: %r", error)
            return graph_path
    return directory / GRAPH_FILE


def _fingerprint() -> str:
    """Return what tells this CPU and this ONNX Runtime from others."""
    features = ""
    if CPU_DESCRIPTION.is_file():
        lines = CPU_DESCRIPTION.read_text(errors="replace").splitlines()
        features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    parts = (onnxruntime.__version__, platform.machine(), platform.processor(), features)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _is_whole(directory: Path) -> bool:
    try:
        checksums = json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8"))
        return set(checksums) == {GRAPH_FILE, WEIGHTS_FILE} and all(
            sha256_of_file(directory / name) == checksum for name, checksum in checksums.items()
        )
    except (OSError, ValueError):
        return False


def _tune(graph_path: Path, directory: Path) -> None:
    """Write the tuned graph aside and rename it: killed on the way, it leaves nothing half."""
    shutil.rmtree(directory, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=graph_path.parent, prefix=".tuning-") as temporary:
        unfinished = Path(temporary) / "tuned"
        unfinished.mkdir()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3  # errors: it warns that the file is for this CPU alone
        options.optimized_model_filepath = str(unfinished / GRAPH_FILE)
        for key, value in {
            "session.optimized_model_external_initializers_file_name": WEIGHTS_FILE,
            "session.optimized_model_external_initializers_min_size_in_bytes": MIN_MAPPED_BYTES,
        }.items():
            options.add_session_config_entry(key, value)
        onnxruntime.InferenceSession(graph_path, options, providers=["CPUExecutionProvider"])
        names = (GRAPH_FILE, WEIGHTS_FILE)
        checksums = {name: sha256_of_file(unfinished / name) for name in names}
        (unfinished / MANIFEST_FILE).write_text(json.dumps(checksums), encoding="utf-8")
        unfinished.replace(directory)
