"""Who answers in the history benchmark, and how each is started: all on the same database."""

import json
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import HistoryDatabase
from benchmarks.environments import PEERS, node_environment, own_variables, python_environment
from benchmarks.history_pages import CASES, DIALECTS, FIRST_PAGES, MARKER, PAGE_SIZE, Case, Dialect
from benchmarks.served import Served, answer_to, served
from harness.environment import production_environment
from harness.load.requests import Load, Request
from harness.ports import HOST, free_port
from harness.site import running_site

DJANGO_WORKERS = 2
DJANGO_THREADS = 4


@dataclass(frozen=True)
class Contender(Served):
    """A running side, and how it is asked for pages."""

    @property
    def dialect(self) -> Dialect:
        """How it is asked."""
        return DIALECTS[self.name]

    def load(self, case: Case, tokens: Sequence[str]) -> Load:
        """Return a case as requests of these users in turn."""
        return Load(self.port, [self.page(case, token) for token in tokens], MARKER, PAGE_SIZE)

    def page(self, case: Case, token: str) -> Request:
        """Return the request of a page; its cursor, where it has one, is asked for first."""
        after = None
        if case.after_cursor:
            pages_before = self.dialect.request(Case("", case.order), token, FIRST_PAGES, None)
            after = self.dialect.end_cursor(json.loads(answer_to(self.port, pages_before)))
        return self.dialect.request(case, token, PAGE_SIZE, after)


@contextmanager
def telltale(database: HistoryDatabase, folder: Path, *, workers: int = 2) -> Iterator[Contender]:
    """Ours, in its production configuration."""
    log = folder / f"telltale-{database.rows}-{workers}.log"
    with running_site(
        database.url, log, workers=workers, environment_of=production_environment
    ) as site:
        yield Contender("Telltale", site.port, site.pid)


@contextmanager
def postgraphile(
    database: HistoryDatabase, folder: Path, *, processes: int = 1
) -> Iterator[Contender]:
    """PostGraphile, as one process or as a cluster."""
    installed = node_environment(PEERS / "postgraphile")
    command = [installed.node, PEERS / "postgraphile" / "serve.mjs", installed.folder]
    variables = {
        "DATABASE_URL": database.url,
        "PROCESSES": str(processes),
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
    }
    with _peer("PostGraphile", command, variables, database, folder) as contender:
        yield contender


@contextmanager
def django_view(database: HistoryDatabase, folder: Path) -> Iterator[Contender]:
    """The hand-written view, in our own environment."""
    with _django("Django view", "django_json", Path(sys.executable), database, folder) as contender:
        yield contender


@contextmanager
def strawberry_django(database: HistoryDatabase, folder: Path) -> Iterator[Contender]:
    """Stock strawberry-django."""
    python = python_environment(PEERS / "strawberry_django").python
    with _django("strawberry-django", "strawberry_django", python, database, folder) as contender:
        yield contender


@contextmanager
def _django(
    name: str, package: str, python: Path, database: HistoryDatabase, folder: Path
) -> Iterator[Contender]:
    port = free_port()
    command: list[str | Path] = [
        *(python, "-m", "gunicorn", "--bind", f"{HOST}:{port}", "--preload"),
        *("--worker-class", "gthread", "--workers", str(DJANGO_WORKERS)),
        *("--threads", str(DJANGO_THREADS), "--keep-alive", "5", "--no-control-socket"),
        "benchmarks.peers.django_wsgi:application",
    ]
    variables = {
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.django_settings",
        "ROOT_URLCONF": f"benchmarks.peers.{package}.urls",
        "SECRET_KEY": secrets.token_urlsafe(48),
    }
    with _peer(name, command, variables, database, folder, port=port) as contender:
        yield contender


@contextmanager
def _peer(
    name: str,
    command: Sequence[str | Path],
    variables: Mapping[str, str],
    database: HistoryDatabase,
    folder: Path,
    *,
    port: int | None = None,
) -> Iterator[Contender]:
    port = port or free_port()
    first = DIALECTS[name].request(CASES[0], database.tokens[0], PAGE_SIZE, None)
    with served(
        name,
        command,
        port=port,
        environment=own_variables() | {"PORT": str(port)} | dict(variables),
        log=folder / f"{name}.log",
        first=first,
        marker=MARKER,
    ) as server:
        yield Contender(name, port, server.pid)
