"""Servers of the protocol that others wrote, on this machine, with our graphs.

Each has an environment of its own below `build`, which is installed on its first use (0.4 GB each):
their packages fit neither ours nor each other.
"""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from inference_tier.launch import free_ports
from inference_tier.other_servers.repositories import (
    write_mlserver_settings,
    write_triton_repository,
)
from inference_tier.served_model import ServedModel
from scripts.own_environment import own_environment
from scripts.paths import BUILD, LOGS, MODELS, ROOT
from scripts.port import HOST

REQUIREMENTS = ROOT / "inference_tier" / "other_servers"
READY_SECONDS = 120
STOP_SECONDS = 20


class NotStarted(Exception):
    """A server does not run on this machine; the message says why."""


@dataclass(frozen=True)
class Start:
    """How a server is started: a command, and what it finds in its environment."""

    command: Sequence[str | Path]
    variables: Mapping[str, str]


def mlserver(folder: Path, served: Mapping[str, ServedModel], models: Path, port: int) -> Start:
    """Return how MLServer is started, as one process; raises `CommandFailed`."""
    python = own_environment(
        "MLServer", BUILD / "mlserver", REQUIREMENTS / "mlserver_requirements.txt"
    )
    ports = (port, *free_ports(2))
    write_mlserver_settings(folder, served, models, host=HOST, ports=ports)
    return Start([python.with_name("mlserver"), "start", folder], {"PYTHONPATH": str(ROOT)})


def triton(folder: Path, served: Mapping[str, ServedModel], models: Path, port: int) -> Start:
    """Return how Triton is started; raises `CommandFailed`.

    The wheel of PyTriton has Triton in it and starts it with models of its own; here it is started
    as an operator does, with a repository.
    """
    python = own_environment("Triton", BUILD / "triton", REQUIREMENTS / "triton_requirements.txt")
    (packages,) = python.parent.parent.glob("lib/python3.*/site-packages")
    server = packages / "pytriton" / "tritonserver"
    backend = folder / "backends" / "python"
    shutil.copytree(server / "backends" / "python", backend)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    stub = "triton_python_backend_stub"  # the process of a model, for one version of Python
    shutil.copy(server / "python_backend_stubs" / version / stub, backend)
    write_triton_repository(folder / "models", served, models, [ROOT, packages])
    options = {
        "model-repository": folder / "models",
        "backend-directory": folder / "backends",
        "backend-config": f"python,shm-region-prefix-name={folder.name}",
        "http-address": HOST,
        "http-port": port,
        "allow-grpc": "false",
        "allow-metrics": "false",
    }
    libraries = (packages / "nvidia_pytriton.libs", sysconfig.get_config_var("LIBDIR"))
    return Start(
        [
            server / "bin" / "tritonserver",
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        {"LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries))},
    )


SERVERS = {"MLServer": mlserver, "Triton": triton}
MAY_BE_MISSING = {"Triton"}  # it is built for Linux on x86-64, and wants shared memory


@contextmanager
def running_server(
    name: str, served: Mapping[str, ServedModel], port: int, *, models: Path = MODELS
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of `SERVERS` until the block ends.

    `served` are models by the names they are served by, whose exports lie below `models`.

    Raises:
        CommandFailed: it could not be installed.
        NotStarted: it could not be started.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name.lower()}.log"
    with tempfile.TemporaryDirectory(prefix="telltale-") as folder:
        start = SERVERS[name](Path(folder), served, models, port)
        kept = {each: os.environ[each] for each in ("PATH", "HOME", "LANG") if each in os.environ}
        quiet = {"ORT_DISABLE_TELEMETRY": "1", "OMP_NUM_THREADS": "1"}
        with log.open("wb") as output:
            try:
                process = subprocess.Popen(
                    start.command,
                    cwd=folder,
                    env={**kept, **quiet, **start.variables},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                )
            except OSError as error:
                raise NotStarted(str(error)) from error
        try:
            _await_models(process, served, port, log)
            yield process
        finally:
            _end(process)


def _await_models(
    process: "subprocess.Popen[bytes]", served: Mapping[str, ServedModel], port: int, log: Path
) -> None:
    deadline = time.monotonic() + READY_SECONDS
    addresses = [f"http://{HOST}:{port}/v2/models/{name}/ready" for name in served]
    while not all(map(_is_ready, addresses)):
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text(errors="replace").strip().splitlines()[-3:]
            raise NotStarted(" ".join(said) or "it says nothing")
        time.sleep(0.2)


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - loopback
            return True
    except (urllib.error.URLError, OSError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # whatever it leaves
