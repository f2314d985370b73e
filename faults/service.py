"""The service under test: production settings, four workers, started again as a platform would."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from faults.database import Database
from harness.environment import production_environment
from harness.management import prepare
from harness.site import LiveSite, start
from scripts.paths import ROOT

BACK_SECONDS = 30
PROBES_IN_A_ROW = 10  # so that most workers have answered one


class Service:
    """One server at a time, at an address that clients look up for every connection."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.environment = production_environment(database.url, {})
        self.folder = folder
        self.sites: list[LiveSite] = []
        self.entrance: int | None = None  # the port of a balancer, where one stands before several

    @property
    def site(self) -> LiveSite:
        """The server that clients are sent to."""
        return self.sites[-1]

    @property
    def port(self) -> int:
        """Where clients find it."""
        return self.entrance or self.site.port

    @property
    def log(self) -> Path:
        """What all servers have written."""
        return self.folder / "server.log"

    def begin(self) -> None:
        """Migrate and start the first server."""
        prepare(self.environment)
        self.replace()

    def replace(self, *, variables: Mapping[str, str] | None = None, folder: Path = ROOT) -> None:
        """Start another server, wait until it is ready and send clients there."""
        site = self.launch(variables=variables, folder=folder)
        try:
            site.wait_until_ready()
        except BaseException:  # nobody else knows it
            site.stop()
            raise
        self.sites.append(site)

    @contextmanager
    def changed(self, variables: Mapping[str, str]) -> Iterator[None]:
        """Have a server with other variables serve during the block, and then one as before."""
        self._hand_over(variables)
        try:
            yield
        finally:
            self._hand_over({})

    def _hand_over(self, variables: Mapping[str, str]) -> None:
        before = self.site
        self.replace(variables=variables)
        before.stop()

    @contextmanager
    def behind(self, port: int) -> Iterator[None]:
        """Have clients come to a balancer during the block."""
        self.entrance = port
        try:
            yield
        finally:
            self.entrance = None

    def launch(
        self,
        *,
        variables: Mapping[str, str] | None = None,
        folder: Path = ROOT,
        port: int | None = None,
    ) -> LiveSite:
        """Start a server that no client is sent to yet."""
        environment = {**self.environment, **(variables or {})}
        return start(environment, self.log, folder=folder, port=port)

    def start_again(self) -> None:
        """Start a server at the address of one that has ended, as a platform does."""
        ended = self.sites.pop()
        self.sites.append(start(self.environment, self.log, port=ended.port))
        self.site.wait_until_ready()

    def workers(self) -> list[psutil.Process]:
        """The worker processes of the server clients are sent to."""
        try:
            return psutil.Process(self.site.pid).children()
        except psutil.NoSuchProcess:
            return []

    def seconds_until_healthy(self) -> float:
        """Return how long it took until every probe of a second succeeded; raises TimeoutError."""
        started = time.monotonic()
        good = 0
        while time.monotonic() - started < BACK_SECONDS:
            good = good + 1 if self.site.answers("/health/ready") else 0
            if good == PROBES_IN_A_ROW:
                return time.monotonic() - started
            time.sleep(0.05)
        raise TimeoutError("The service did not become healthy again.")

    def end(self) -> None:
        """End every server that was started."""
        for site in self.sites:
            site.stop()
