"""A deploy: how soon a service that is told to stop has ended, and whom it has cut off."""

import http.client
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from benchmarks.databases import own_database
from benchmarks.report import Row
from harness.accounts import new_token
from harness.connection import Connection
from harness.environment import production_environment
from harness.photos import photos_of_100_kb
from harness.ports import HOST
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite, running_site

WORKERS = 4  # what render.yaml starts
CLIENTS, IDLE = 8, 50
LOAD_SECONDS = 3.0
PROBE = f"GET /health/live HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
GOAL_SECONDS = 2.0


@dataclass(frozen=True)
class Stop:
    """One of them."""

    seconds: float  # from SIGTERM until the master has ended
    answered: int  # predictions, before and after
    answered_while_stopping: int
    cut: int  # requests that were sent on an open connection and got no answer


class StoppingBenchmark:
    """One run of the benchmark."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._rounds = 2 if quick else 9
        self._bodies = [predict_body(photo) for photo in photos_of_100_kb(24)]

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Start the service and stop it, again and again."""
        with own_database(self._folder / "stopping-postgres") as url:
            stops = [self._stop(url) for _ in range(self._rounds)]
        seconds = [each.seconds for each in stops]
        cut = sum(each.cut for each in stops)
        is_met = max(seconds) <= GOAL_SECONDS and cut == 0
        row = Row(
            what=f"SIGTERM while {CLIENTS} clients predict and {IDLE} keep a connection",
            ours=f"ended after {median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f}); "
            f"{sum(each.answered_while_stopping for each in stops)} answered meanwhile, {cut} cut",
            goal=f"≤ {GOAL_SECONDS:.0f} s, none cut: {'met' if is_met else 'missed'}",
            figures={"s": median(seconds), "cut": cut},
        )
        return {"stops": [asdict(each) for each in stops]}, [row]

    def _stop(self, url: str) -> Stop:
        with running_site(
            url,
            self._folder / "stopping.log",
            workers=WORKERS,
            environment_of=production_environment,
        ) as site:
            token = new_token(site.port)
            with ExitStack() as idle, ThreadPoolExecutor(CLIENTS) as pool:
                for number in range(IDLE):
                    client = idle.enter_context(
                        closing(socket.create_connection((HOST, site.port)))
                    )
                    if number % 2:  # the others have never sent a request
                        client.sendall(PROBE)
                        client.recv(4096)
                clients = [
                    pool.submit(self._client, site, token, number) for number in range(CLIENTS)
                ]
                time.sleep(LOAD_SECONDS)
                told = time.monotonic()
                site.process.send_signal(signal.SIGTERM)
                site.process.wait()
                seconds = time.monotonic() - told
            times = [moment for each in clients for moment in each.result()[0]]
            return Stop(
                seconds=seconds,
                answered=len(times),
                answered_while_stopping=sum(moment > told for moment in times),
                cut=sum(each.result()[1] for each in clients),
            )

    def _client(self, site: LiveSite, token: str, number: int) -> tuple[list[float], int]:
        """Predict until nobody is there; return when it was answered, and how often it was cut."""
        answered: list[float] = []
        with closing(Connection(site.port, token)) as connection:
            while True:
                number += 1
                try:
                    connection.post(self._bodies[number % len(self._bodies)], MULTIPART)
                except ConnectionRefusedError:
                    return answered, 0
                except (OSError, http.client.HTTPException):
                    return answered, 1
                answered.append(time.monotonic())
