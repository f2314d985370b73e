"""Pages of a history: ours against PostGraphile, a Django view and stock strawberry-django."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

from benchmarks.alternation import Side, alternate
from benchmarks.comparison import (
    Measured,
    as_numbers,
    comparison_row,
    in_short,
    not_measured_row,
)
from benchmarks.databases import DEEP_ROWS, HistoryDatabase, history_database, running_cluster
from benchmarks.environments import NotInstalled
from benchmarks.history_contenders import (
    Contender,
    django_view,
    postgraphile,
    strawberry_django,
    telltale,
)
from benchmarks.history_pages import CASES, Case
from benchmarks.load import Generator, Run
from benchmarks.report import Row
from benchmarks.served import NotServing, answer_to

USERS = 1000
QUICK_CASES = ("newest", "with a label", "after a cursor")
GOALS = {"PostGraphile": 1.0, "Django view": 0.8, "strawberry-django": 5.0}
USERS_COMPARED = 3

Starter = Callable[[HistoryDatabase, Path], AbstractContextManager[Contender]]
PEERS: dict[str, Starter] = {
    "PostGraphile": postgraphile,
    "Django view": django_view,
    "strawberry-django": strawberry_django,
}


class AnswersDiffer(Exception):
    """A peer's page has other rows than ours: to measure it would mean nothing."""


def measure_history(folder: Path, *, quick: bool) -> tuple[dict[str, object], list[Row]]:
    """Measure every case on every side; a peer that is not there has a line that says why."""
    cases = [case for case in CASES if not quick or case.name in QUICK_CASES]
    rounds, seconds = (2, 1.5) if quick else (7, 4.0)
    generator = Generator(folder)
    with running_cluster() as cluster, ExitStack() as running:
        database = history_database(cluster, USERS, deep_rows=DEEP_ROWS)
        ours = running.enter_context(telltale(database, folder))
        contenders, missing = _start(running, database, folder)
        measured: dict[Case, dict[str, list[Run]]] = {}
        for case in cases:
            for peer in contenders:
                _compare_answers(ours, peer, case, database)
            runs = _run_case(generator, [ours, *contenders], case, database, rounds, seconds)
            measured[case] = runs
            print(f"  {case.name}: {in_short(runs)}", flush=True)
        memory = {side.name: side.memory_mib for side in (ours, *contenders)}
    rows = [
        comparison_row(
            f"history, {case.name}",
            Measured("Telltale", runs["Telltale"], memory["Telltale"]),
            Measured(peer, runs[peer], memory[peer]),
            at_least=goal,
        )
        for peer, goal in GOALS.items()
        for case, runs in measured.items()
        if peer in runs
    ]
    numbers = {case.name: as_numbers(runs) for case, runs in measured.items()}
    content = {"cases": numbers, "memory_mib": memory, "not_measured": missing}
    return content, [*rows, *(not_measured_row("history", *peer) for peer in missing.items())]


def _start(
    running: ExitStack, database: HistoryDatabase, folder: Path
) -> tuple[list[Contender], dict[str, str]]:
    contenders, missing = [], {}
    for name, starter in PEERS.items():
        try:
            contenders.append(running.enter_context(starter(database, folder)))
        except (NotInstalled, NotServing) as error:
            missing[name] = str(error)
    return contenders, missing


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


def _run_case(
    generator: Generator,
    contenders: Sequence[Contender],
    case: Case,
    database: HistoryDatabase,
    rounds: int,
    seconds: float,
) -> dict[str, list[Run]]:
    sides = []
    for contender in contenders:
        load = contender.load(case, database.tokens)
        generator.send(load, seconds=seconds / 2)  # every user's rows have been read once
        sides.append(Side(contender.name, partial(generator.send, load, seconds=seconds)))
    return alternate(sides, rounds)
