"""Pages of a history: ours against PostGraphile, a Django view and stock strawberry-django."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.alternation import Side, alternate
from benchmarks.choice import fastest
from benchmarks.comparison import (
    Measured,
    as_numbers,
    comparison_row,
    in_short,
    latency_row,
    not_measured_row,
)
from benchmarks.databases import (
    MANY_USERS,
    HistoryDatabase,
    deep_place,
    history_database,
    running_cluster,
)
from benchmarks.history_contenders import (
    Contender,
    django_view,
    postgraphile,
    strawberry_django,
    telltale,
)
from benchmarks.history_pages import CASES, MARKER, PAGE_SIZE, Case
from benchmarks.report import Row
from benchmarks.served import NotServing, answer_to
from harness.installed import NotInstalled
from harness.load.generator import Generator
from harness.load.requests import Load, Run
from harness.slow_wire import slow_wire
from server.embedded_postgres.cluster import Cluster
from server.predictions.cursors import encode_cursor

QUICK_CASES = ("newest", "after a cursor")
POSTGRAPHILE = "PostGraphile"
GOALS = {POSTGRAPHILE: 1.0, "Django view": 0.8, "strawberry-django": 5.0}
LATENCY_AT_MOST = 1.2
FAR_MS = (2, 5)  # each of the two ways between service and database
DEEP_PAGE = 10_000
USERS_COMPARED = 3

Starter = Callable[[HistoryDatabase, Path], AbstractContextManager[Contender]]
# The first way of running a side is the one that a quick run takes.
OURS: dict[str, Starter] = {
    "2 workers": partial(telltale, workers=2),
    "4 workers": partial(telltale, workers=4),
}
PEERS: dict[str, dict[str, Starter]] = {
    POSTGRAPHILE: {
        "2 processes": partial(postgraphile, processes=2),
        "1 process": partial(postgraphile, processes=1),
    },
    "Django view": {"2 workers": django_view},
    "strawberry-django": {"2 workers": strawberry_django},
}


class AnswersDiffer(Exception):
    """A peer's page has other rows than ours: to measure it would mean nothing."""


class HistoryBenchmark:
    """One run of the benchmark."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._quick = quick
        self._generator = Generator(folder)
        self._cases = [case for case in CASES if not quick or case.name in QUICK_CASES]
        self._rounds, self._seconds = (2, 1.0) if quick else (5, 3.0)
        self._rows: list[Row] = []
        self._numbers: dict[str, object] = {}
        self._starters: dict[str, Starter] = {}  # of the peers that are here

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Measure every case on every side; a peer that is not there has a line that says why."""
        with running_cluster() as cluster, ExitStack() as running:
            database = history_database(cluster, MANY_USERS)
            start_ours = self._chosen("Telltale", OURS, database)
            ours = running.enter_context(start_ours(database, self._folder))
            peers = self._start_peers(running, database)
            self._against_peers(ours, peers, database, "history")
            if POSTGRAPHILE in self._starters:
                self._from_afar(database, start_ours)
            if not self._quick:
                self._deep_page(ours, database)
                self._fewer_rows(ours, database, cluster, start_ours)
        return self._numbers, self._rows

    def _start_peers(self, running: ExitStack, database: HistoryDatabase) -> list[Contender]:
        peers = []
        for name, ways in PEERS.items():
            try:
                start = self._starters[name] = self._chosen(name, ways, database)
                peers.append(running.enter_context(start(database, self._folder)))
            except (NotInstalled, NotServing) as error:
                self._rows.append(not_measured_row("history", name, str(error)))
        return peers

    def _chosen(self, name: str, ways: Mapping[str, Starter], database: HistoryDatabase) -> Starter:
        if self._quick:
            return next(iter(ways.values()))
        variants = {way: partial(self._newest_load, start, database) for way, start in ways.items()}
        chosen = fastest(self._generator, name, variants)
        self._numbers[f"{name} with"] = chosen
        return ways[chosen]

    @contextmanager
    def _newest_load(self, start: Starter, database: HistoryDatabase) -> Iterator[Load]:
        with start(database, self._folder) as contender:
            yield contender.load(CASES[0], database.tokens)

    def _against_peers(
        self, ours: Contender, peers: Sequence[Contender], database: HistoryDatabase, what: str
    ) -> None:
        measured: dict[str, dict[str, list[Run]]] = {}
        for case in self._cases:
            for peer in peers:
                _compare_answers(ours, peer, case, database)
            loads = {side.name: side.load(case, database.tokens) for side in (ours, *peers)}
            measured[case.name] = self._alternate(loads)
            print(f"  {what}, {case.name}: {in_short(measured[case.name])}", flush=True)
        memory = {side.name: side.memory_mib for side in (ours, *peers)}
        of_what = "" if what == "history" else f" of {what}"
        self._numbers[f"cases{of_what}"] = {
            name: as_numbers(runs) for name, runs in measured.items()
        }
        self._numbers[f"memory_mib{of_what}"] = memory
        self._rows += [
            comparison_row(
                f"{what}, {case}",
                Measured(ours.name, runs[ours.name], memory[ours.name]),
                Measured(peer.name, runs[peer.name], memory[peer.name]),
                at_least=GOALS[peer.name],
            )
            for peer in peers
            for case, runs in measured.items()
        ]

    def _from_afar(self, database: HistoryDatabase, start_ours: Starter) -> None:
        """Compare with PostGraphile where the database is some milliseconds away from both."""
        for milliseconds in FAR_MS:
            with slow_wire(database.url, delay_seconds=milliseconds / 1000) as wire:
                far = replace(database, url=wire.database_url)
                folder = self._folder / f"{milliseconds}ms"
                folder.mkdir(exist_ok=True)
                with (
                    start_ours(far, folder) as ours,
                    self._starters[POSTGRAPHILE](far, folder) as peer,
                ):
                    self._against_peers(ours, [peer], far, f"history {milliseconds} ms away")

    def _deep_page(self, ours: Contender, database: HistoryDatabase) -> None:
        """Compare a page at the end of a long history with its first one."""
        after = encode_cursor(*deep_place(database, PAGE_SIZE * (DEEP_PAGE - 1)))
        newest = Case("newest")
        loads = {
            f"page {number:,}": Load(
                ours.port,
                [ours.dialect.request(newest, database.deep_token, PAGE_SIZE, cursor)],
                MARKER,
                PAGE_SIZE,
            )
            for number, cursor in ((DEEP_PAGE, after), (1, None))
        }
        self._compare_latencies("history", loads)

    def _fewer_rows(
        self, ours: Contender, database: HistoryDatabase, cluster: Cluster, start: Starter
    ) -> None:
        """Compare the full database with one of a single user."""
        small = history_database(cluster, 1)
        with start(small, self._folder) as theirs:
            loads = {
                f"{held.rows:,} rows": side.load(CASES[0], held.tokens)
                for side, held in ((ours, database), (theirs, small))
            }
            self._compare_latencies("history", loads)

    def _compare_latencies(self, what: str, loads: Mapping[str, Load]) -> None:
        runs = self._alternate(loads)
        many, few = (Measured(name, done) for name, done in runs.items())
        self._rows.append(latency_row(f"{what}, {many.name}", many, few, at_most=LATENCY_AT_MOST))
        self._numbers[f"{many.name} against {few.name}"] = as_numbers(runs)

    def _alternate(self, loads: Mapping[str, Load]) -> dict[str, list[Run]]:
        for load in loads.values():
            self._generator.send(load, seconds=self._seconds / 2)  # every page was read once
        sides = [
            Side(name, partial(self._generator.send, load, seconds=self._seconds))
            for name, load in loads.items()
        ]
        return alternate(sides, self._rounds)


def _compare_answers(
    ours: Contender, peer: Contender, case: Case, database: HistoryDatabase
) -> None:
    for token in database.tokens[:USERS_COMPARED]:
        pages = [
            side.dialect.rows(json.loads(answer_to(side.port, side.page(case, token))))
            for side in (ours, peer)
        ]
        if pages[0] != pages[1]:
            raise AnswersDiffer(f"{peer.name}, {case.name}")
