"""Predictions: ours, with a token and stored, against servers of models that do neither."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.alternation import Side, alternate
from benchmarks.choice import fastest
from benchmarks.comparison import (
    Measured,
    as_numbers,
    comparison_row,
    in_short,
    not_measured_row,
    tail_row,
)
from benchmarks.databases import count_predictions, fresh_database, running_cluster
from benchmarks.predict_contenders import SERVERS, BareLoop, Peer, running_peer, telltale
from benchmarks.report import Row
from benchmarks.served import NotServing, Served
from harness.installed import NotInstalled
from harness.load.generator import Generator
from harness.load.requests import Load, Run
from harness.photos import photos_of_100_kb

PHOTOS = 64
BARE_LOOP_AT_LEAST = 0.85
P99_TO_P50_AT_MOST = 2.0
OUR_WORKERS = (2, 4)
QUICK_PEERS = ("FastAPI",)


class PredictBenchmark:
    """One run of the benchmark."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._quick = quick
        self._generator = Generator(folder)
        self._photos = photos_of_100_kb(PHOTOS)
        self._rounds, self._seconds = (2, 1.0) if quick else (5, 5.0)
        self._numbers: dict[str, object] = {}
        self._rows: list[Row] = []
        self._variants: dict[Path, Mapping[str, str]] = {}  # the best, once it has been looked for

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Measure ours against one peer after the other."""
        with running_cluster() as cluster:
            url = fresh_database(cluster, "predictions")
            workers = OUR_WORKERS[0] if self._quick else self._best_number_of_workers(url)
            with telltale(url, self._folder, self._photos, workers=workers) as (ours, load):
                self._numbers["telltale_workers"] = workers
                self._generator.send(load, seconds=self._seconds)
                for peer in SERVERS:
                    if not self._quick or peer.name in QUICK_PEERS:
                        self._against_peer(ours, load, peer)
                self._against_bare_loop(ours, load)
                self._tail(ours, load)
                self._numbers["stored"] = count_predictions(url)
        return self._numbers, self._rows

    def _best_number_of_workers(self, url: str) -> int:
        variants = {str(workers): partial(self._our_load, url, workers) for workers in OUR_WORKERS}
        return int(fastest(self._generator, "Telltale, workers", variants))

    @contextmanager
    def _our_load(self, url: str, workers: int) -> Iterator[Load]:
        with telltale(url, self._folder, self._photos, workers=workers) as (_, load):
            yield load

    def _against_peer(self, ours: Served, load: Load, peer: Peer) -> None:
        try:
            variant = peer.variants[0] if self._quick else self._best_variant(peer)
            runs, memory = self._alternated(ours, load, peer, variant)
            if not any(run.answered for run in runs[peer.name]):
                # A server that ended by itself meanwhile is given a second chance.
                runs, memory = self._alternated(ours, load, peer, variant)
        except (NotInstalled, NotServing) as error:
            self._rows.append(not_measured_row("predict", peer.name, str(error)))
            self._numbers[peer.name] = {"not_measured": str(error)}
            return
        self._keep(peer.name, runs, memory, peer.at_least, variant)

    def _best_variant(self, peer: Peer) -> Mapping[str, str]:
        if peer.source in self._variants:
            return self._variants[peer.source]
        named = {
            " ".join(f"{name.lower()} {value}" for name, value in variant.items()): variant
            for variant in peer.variants
        }
        ways = {name: partial(self._peer_load, peer, variant) for name, variant in named.items()}
        best = named[fastest(self._generator, peer.name, ways)]
        self._variants[peer.source] = best
        return best

    @contextmanager
    def _peer_load(self, peer: Peer, variant: Mapping[str, str]) -> Iterator[Load]:
        with running_peer(peer, variant, self._folder, self._photos) as (_, load):
            yield load

    def _alternated(
        self, ours: Served, load: Load, peer: Peer, variant: Mapping[str, str]
    ) -> tuple[dict[str, list[Run]], dict[str, float]]:
        with running_peer(peer, variant, self._folder, self._photos) as (theirs, their_load):
            self._generator.send(their_load, seconds=self._seconds)
            runs = self._alternate(ours, load, theirs, their_load)
            return runs, {ours.name: ours.memory_mib, theirs.name: theirs.memory_mib}

    def _alternate(
        self, ours: Served, load: Load, theirs: Served, their_load: Load
    ) -> dict[str, list[Run]]:
        def our_turn() -> Run:
            with theirs.at_rest():
                return self._generator.send(load, seconds=self._seconds)

        def their_turn() -> Run:
            return self._generator.send(their_load, seconds=self._seconds)

        sides = [Side(ours.name, our_turn), Side(theirs.name, their_turn)]
        return alternate(sides, self._rounds)

    def _against_bare_loop(self, ours: Served, load: Load) -> None:
        with closing(BareLoop(self._folder, self._photos)) as loop:
            sides = [
                Side(ours.name, lambda: self._generator.send(load, seconds=self._seconds)),
                Side("bare loop", lambda: loop.run(self._seconds)),
            ]
            runs = alternate(sides, self._rounds)
        self._keep("bare loop", runs, {}, BARE_LOOP_AT_LEAST, {})

    def _keep(
        self,
        name: str,
        runs: Mapping[str, Sequence[Run]],
        memory: Mapping[str, float],
        at_least: float,
        variant: Mapping[str, str],
    ) -> None:
        ours, theirs = (Measured(side, done, memory.get(side)) for side, done in runs.items())
        self._rows.append(comparison_row("predict", ours, theirs, at_least=at_least))
        self._numbers[name] = {
            "runs": as_numbers(runs),
            "memory_mib": dict(memory),
            "variant": dict(variant),
        }
        print(f"  {in_short(runs)}", flush=True)

    def _tail(self, ours: Served, load: Load) -> None:
        for clients in (1, 8):
            runs = [
                self._generator.send(load, seconds=self._seconds, clients=clients)
                for _ in range(self._rounds)
            ]
            what = f"predict, p99 ÷ p50, {clients} client{'s' * (clients > 1)}"
            self._rows.append(tail_row(what, Measured(ours.name, runs), at_most=P99_TO_P50_AT_MOST))
            self._numbers[f"{clients} clients"] = {"runs": as_numbers({ours.name: runs})}
