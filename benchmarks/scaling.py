"""What becomes of our throughput as there is more of something: a line of the plot each."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from benchmarks.alternation import Side, alternate
from benchmarks.comparison import Measured, as_numbers
from benchmarks.databases import MANY_USERS, fresh_database, history_database, running_cluster
from benchmarks.history_contenders import telltale as history_site
from benchmarks.history_pages import CASES
from benchmarks.predict_contenders import telltale as predict_site
from benchmarks.report import Row
from harness.load.generator import CLIENTS, Generator
from harness.load.requests import Load, Run
from harness.photos import photos, photos_of_100_kb
from server.embedded_postgres.cluster import Cluster

PHOTOS = 64
LARGE_PHOTOS = 4  # of each size: making one takes a second
WORKERS = (1, 2, 4)
CLIENT_NUMBERS = (1, 4, 16, 64)
USERS = (1, 10, 100, MANY_USERS)  # a thousand rows each
USUAL_WORKERS = 2

Value = TypeVar("Value")


@dataclass(frozen=True)
class PhotoSize:
    """A size of photos, by its name."""

    name: str
    width: int
    height: int
    max_bytes: int


SIZES = (
    PhotoSize("50 KB", 640, 480, 50_000),
    PhotoSize("100 KB", 800, 600, 100_000),
    PhotoSize("500 KB", 1600, 1200, 500_000),
    PhotoSize("2 MB", 3264, 2448, 2_000_000),
    PhotoSize("12 megapixels", 4000, 3000, 6_000_000),
)


@dataclass(frozen=True)
class Point:
    """Where on the line, and what is sent there."""

    name: str
    load: Load
    clients: int = CLIENTS


class ScalingBenchmark:
    """One run of the benchmark; a quick one looks at the ends of the two lines that start fast."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._quick = quick
        self._generator = Generator(folder)
        self._rounds, self._seconds = (1, 1.5) if quick else (3, 4.0)
        self._lines: dict[str, dict[str, list[dict[str, object]]]] = {}
        self._rows: list[Row] = []

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Measure the lines one after the other, the points of each in turn."""
        with running_cluster() as cluster:
            url = fresh_database(cluster, "scaling")
            if not self._quick:
                self._workers(url)
                self._photo_sizes(url)
            with predict_site(
                url, self._folder, photos_of_100_kb(PHOTOS), workers=USUAL_WORKERS
            ) as (_, load):
                clients = [
                    Point(_counted(number, "client"), load, number)
                    for number in self._ends(CLIENT_NUMBERS)
                ]
                self._line("predictions, by clients", clients)
            self._history_rows(cluster)
        return {"lines": self._lines}, self._rows

    def _workers(self, url: str) -> None:
        with ExitStack() as running:
            points = []
            for workers in WORKERS:
                site = predict_site(url, self._folder, photos_of_100_kb(PHOTOS), workers=workers)
                _, load = running.enter_context(site)
                points.append(Point(_counted(workers, "worker"), load))
            self._line("predictions, by workers", points)

    def _photo_sizes(self, url: str) -> None:
        with ExitStack() as running:
            points = []
            for size in SIZES:
                of_this_size = photos(
                    LARGE_PHOTOS, width=size.width, height=size.height, max_bytes=size.max_bytes
                )
                site = predict_site(url, self._folder, of_this_size, workers=USUAL_WORKERS)
                _, load = running.enter_context(site)
                points.append(Point(size.name, load))
            self._line("predictions, by photo", points)

    def _history_rows(self, cluster: Cluster) -> None:
        with ExitStack() as running:
            points = []
            for users in self._ends(USERS):
                database = history_database(cluster, users)
                site = history_site(database, self._folder, workers=USUAL_WORKERS)
                contender = running.enter_context(site)
                load = contender.load(CASES[0], database.tokens)
                points.append(Point(f"{database.rows:,} rows", load))
            self._line("pages of history, by rows", points)

    def _ends(self, values: Sequence[Value]) -> Sequence[Value]:
        return (values[0], values[-1]) if self._quick else values

    def _line(self, name: str, points: Sequence[Point]) -> None:
        sides = [Side(point.name, partial(self._turn, point)) for point in points]
        alternate(sides, 0 if self._quick else 1)  # warms them up
        runs = alternate(sides, self._rounds)
        self._lines[name] = as_numbers(runs)
        told = "; ".join(f"{point}: {Measured(point, done)}" for point, done in runs.items())
        figures = {point: median(Measured(point, done).per_second) for point, done in runs.items()}
        self._rows.append(Row(name, told, figures=figures))
        print(f"  {name}: {told}", flush=True)

    def _turn(self, point: Point) -> Run:
        return self._generator.send(point.load, seconds=self._seconds, clients=point.clients)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number > 1)}"
