"""`.venv/bin/python -m scripts.inference`: an inference tier on this machine, until Ctrl-C.

Its packages, Ray among them, lie in an environment of their own below build/.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from inference_tier.launch import free_ports
from inference_tier.served_model import load_models
from scripts.commands import CommandFailed
from scripts.inference_servers import MAY_BE_MISSING, SERVERS, NotStarted, running_server
from scripts.locks import claim, note, noted
from scripts.own_environment import own_environment
from scripts.paths import BUILD, MODELS, ROOT
from scripts.port import HOST, PortUnusable, usable_port

LOCK = "inference"
TIER = ROOT / "inference_tier"
ENVIRONMENT = BUILD / "inference"
PYTHON = ENVIRONMENT / "bin" / "python"
LOG = BUILD / "logs" / "inference-tier.log"
DEFAULT_PORT = "8100"
READY_TIMEOUT_SECONDS = 300  # ten seconds where the cores are free
STOP_TIMEOUT_SECONDS = 60
STARTS = 2


class TierFailed(Exception):
    """The tier has not become ready."""


def main() -> int:
    """Serve until stopped, or only check; 0 where that went well."""
    parser = argparse.ArgumentParser(description="Run an inference tier on this machine.")
    parser.add_argument("--check", action="store_true", help="ask it everything, and stop it")
    parser.add_argument("--replicas", type=int, default=1, help="how many run the graphs")
    arguments = parser.parse_args()
    lock = claim(LOCK)
    if lock is None:
        print(f"A tier already runs from this folder {noted(LOCK)}. Stop that one first.")
        return 1
    with lock:
        for stop_signal in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop_signal, signal.default_int_handler)
        try:
            port = usable_port(os.environ.get("INFERENCE_PORT") or DEFAULT_PORT)
            prepare(with_checks=arguments.check)
            with running_tier(port, replicas=arguments.replicas) as tier:
                note(lock, f"at http://{HOST}:{port} (`kill {os.getpid()}` stops it)")
                if not arguments.check:
                    return _attend(tier, port)
                failed = _check(port)
            return _told(failed + _check_others())
        except (PortUnusable, TierFailed) as reason:
            print(reason)
            return 1
        except CommandFailed as failure:
            print(f"\n{failure.log_tail()}\n\n{failure.name} failed; the lines above say why.")
            return 1
        except KeyboardInterrupt:
            print("The tier has stopped.")
            return 0


def prepare(*, with_checks: bool = False) -> None:
    """Install what the tier needs, unless that is done; raises `CommandFailed`."""
    files = ["requirements.txt", *(["check_requirements.txt"] if with_checks else [])]
    own_environment("the inference tier", ENVIRONMENT, *(TIER / name for name in files))


@contextmanager
def running_tier(port: int, *, replicas: int = 1) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a tier, wait until it is ready, and end it with all its processes.

    Raises:
        TierFailed: it has ended, or was not ready in time.
    """
    options = ("--port", str(port), "--models", str(MODELS), "--replicas", str(replicas))
    tier = _ready_tier(options)
    try:
        yield tier
    finally:
        _stop(tier)


def _ready_tier(options: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a tier, once more where it ends, and wait until it is ready; raises `TierFailed`.

    Ray's agents have fifteen seconds to begin, which no setting changes
    (https://github.com/ray-project/ray/issues/65983), and on busy cores they may need more.
    """
    print("  Starting Ray ...", end="", flush=True)
    for starts_left in reversed(range(STARTS)):
        tier = _launch(options)
        try:
            _wait_until_ready(tier)
        except BaseException as error:
            has_ended = tier.poll() is not None
            _stop(tier)
            if not (isinstance(error, TierFailed) and has_ended and starts_left):
                raise
            print(" it has ended; once more ...", end="", flush=True)
        else:
            break
    return tier


def _launch(options: Sequence[str]) -> "subprocess.Popen[bytes]":
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        return subprocess.Popen(
            [PYTHON, "-m", "inference_tier.launch", *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches this process alone, which ends it in order
        )


def _stop(tier: "subprocess.Popen[bytes]") -> None:
    tier.terminate()
    try:
        tier.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(tier.pid, signal.SIGKILL)
        tier.wait()


def _wait_until_ready(tier: "subprocess.Popen[bytes]") -> None:
    started = time.monotonic()
    while not any(line.startswith("ready ") for line in _log_lines()):
        if tier.poll() is not None or time.monotonic() - started > READY_TIMEOUT_SECONDS:
            last = "\n".join(_log_lines()[-20:])
            raise TierFailed(f"\nThe tier is not ready, or has ended; it said last:\n{last}")
        time.sleep(0.5)
    print(f" {time.monotonic() - started:.0f} s", flush=True)


def _log_lines() -> list[str]:
    return LOG.read_text(errors="replace").splitlines()


def _attend(tier: "subprocess.Popen[bytes]", port: int) -> int:
    metrics = next(line for line in _log_lines() if line.startswith("ready ")).split()[-1]
    print(f"\nThe inference tier is up at http://{HOST}:{port}; its figures are at {metrics}.")
    print("In another terminal:")
    print(f"\n  TELLTALE_ENGINE=remote TELLTALE_INFERENCE_URLS=http://{HOST}:{port} make run\n")
    print("Ctrl-C stops it.", flush=True)
    exit_code = tier.wait()
    print(f"The tier has ended by itself (exit code {exit_code}); see {LOG.relative_to(ROOT)}.")
    return 1


def _check(port: int) -> int:
    """Ask the tier as others would, and our own engine whether it answers as the graph here."""
    token = os.environ.get("TELLTALE_INFERENCE_TOKEN", "")
    told = ["--token", token] if token else []
    failed = 0
    exports = sorted(path.parent for path in MODELS.glob("[!.]*/manifest.json"))
    python, here, models = str(PYTHON), sys.executable, str(MODELS)
    commands = (
        [python, "-m", "inference_tier.check_configuration"],
        *(
            [python, "-m", "inference_tier.conformance", f"{HOST}:{port}", str(export), *told]
            for export in exports
        ),
        [here, "-m", "inference_tier.agreement", f"http://{HOST}:{port}", models],
    )
    for command in commands:
        failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
    return failed


def _check_others() -> int:
    """Ask servers that others wrote, with the same graphs, through the engine of web workers.

    No part of `make test`: each is 0.4 GB of packages, two minutes on a first run.
    """
    failed = 0
    served = load_models(MODELS, "onnx")
    for name in SERVERS:
        (port,) = free_ports(1)
        address = f"http://{HOST}:{port}"
        command = [sys.executable, "-m", "inference_tier.agreement", address, str(MODELS)]
        try:
            with running_server(name, served, port):
                print(f"  {name} ... ", end="", flush=True)
                failed += subprocess.run(command, cwd=ROOT, check=False).returncode != 0
        except NotStarted as reason:
            print(f"  {name} can't be started here: {reason}")
            failed += name not in MAY_BE_MISSING
    return failed


def _told(failed: int) -> int:
    print("All is as it should be." if not failed else "Not all is as it should be.")
    return failed


if __name__ == "__main__":
    sys.exit(main())
