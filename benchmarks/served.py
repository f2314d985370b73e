"""A peer's server while it is measured."""

import contextlib
import http.client
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.memory import service_mib
from harness.load.requests import Request
from harness.ports import HOST
from scripts.paths import ROOT

START_TIMEOUT_SECONDS = 120
STOP_TIMEOUT_SECONDS = 15


class NotServing(Exception):
    """A server ended, or gave no right answer in time; the message ends with its log."""


@dataclass(frozen=True)
class Served:
    """A server, with all the processes it has started."""

    name: str
    port: int
    pid: int

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Stop it for a while, so that it takes nothing from the one that is measured."""
        processes = family(self.pid)
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()

    @property
    def memory_mib(self) -> float:
        """What it takes now."""
        return service_mib(psutil.Process(self.pid))


@contextmanager
def served(
    name: str,
    command: Sequence[str | Path],
    *,
    port: int,
    environment: Mapping[str, str],
    log: Path,
    first: Request,
    marker: str,
) -> Iterator[Served]:
    """Start a server, wait until it answers `first` with what contains `marker`; end it at last.

    Raises:
        NotServing: it does not.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for_answer(process, port, first, marker, log)
        yield Served(name, port, process.pid)
    finally:
        _end(process)


def family(pid: int) -> list[psutil.Process]:
    """Return a process and all it has started, some of which may be groups of their own."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def answer_to(port: int, request: Request) -> bytes:
    """Send one request; return the body of an answer with status 200.

    Raises:
        ConnectionError: nobody answers, or something else.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request(request.method, request.path, request.body, request.headers)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise ConnectionError(f"status {answer.status}: {body[:500]!r}")
    return body


def _end(process: "subprocess.Popen[bytes]") -> None:
    processes = family(process.pid)
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_TIMEOUT_SECONDS)
    for left_behind in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            left_behind.kill()
    process.wait()


def _wait_for_answer(
    process: "subprocess.Popen[bytes]", port: int, first: Request, marker: str, log: Path
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    said = "nothing"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            body = answer_to(port, first)
        except ConnectionError as error:
            said = str(error)
        else:
            if marker.encode() in body:
                return
            said = repr(body[:500])
        time.sleep(0.2)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise NotServing(f"it answered {said}\n{tail}")
