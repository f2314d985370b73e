"""Teaching: training through the API, and what was taught beside the built-in model."""

import json
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

import psutil

from benchmarks.alternation import Ratio, Side, alternate
from benchmarks.children import told_by
from benchmarks.comparison import Measured, as_numbers, comparison_row, in_short
from benchmarks.databases import fresh_database, running_cluster
from benchmarks.memory import service_mib
from benchmarks.predict_contenders import ACCOUNTS, OUR_MARKER, PREDICT
from benchmarks.report import Row
from benchmarks.spent import cpu_seconds
from benchmarks.teacher import NAME, Teacher
from harness.connection import Connection
from harness.environment import production_environment
from harness.load.generator import Generator
from harness.load.requests import Load, Request, Run
from harness.photos import photos_of_100_kb
from harness.predictions import MULTIPART, form_with_photo
from harness.site import LiveSite, running_site

LABELS, EXAMPLES_A_LABEL = 10, 20
TRAINING_GOAL_MS = 50
TAUGHT_AT_LEAST = 0.98
PEOPLE = 1_000
MEMORY_GOAL_MIB = 20
CLIENTS = 4  # as many find a place even where all come to one worker


class TeachingBenchmark:
    """One run of the benchmark."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._generator = Generator(folder)
        self._photos = photos_of_100_kb(LABELS * EXAMPLES_A_LABEL)
        self._rounds, self._seconds, self._trainings = (2, 1.0, 10) if quick else (9, 5.0, 100)
        self._people = 100 if quick else PEOPLE

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Teach one account with much and the others with little, then measure."""
        with running_cluster() as cluster:
            with running_site(
                fresh_database(cluster, "teaching"),
                self._folder / "teaching.log",
                workers=2,
                environment_of=production_environment,
            ) as site:
                training, training_ms = self._training(site)
                predicting, runs = self._predicting(site)
            memory, memory_mib = self._memory(fresh_database(cluster, "classifiers"))
        numbers: dict[str, object] = {
            "training_ms": training_ms,
            "runs": runs,
            "memory_mib": memory_mib,
        }
        return numbers, [training, *predicting, memory]

    def _training(self, site: LiveSite) -> tuple[Row, list[float]]:
        teacher = Teacher(site.port)
        for label in range(LABELS):
            moved = teacher.add(str(label), self._photos[label::LABELS])[0]
        teacher.train()
        spent, training_ms = 0.0, []
        for number in range(self._trainings):
            # Something is new each time, so that each time there is a version to store.
            teacher.relabel(moved, str(number % 2))
            before = cpu_seconds(site.pid)
            training_ms.append(teacher.train())
            spent += cpu_seconds(site.pid) - before
        cpu_ms = spent / self._trainings * 1000
        row = Row(
            f"training of {len(self._photos)} examples, through the API",
            f"p50 {median(training_ms):.0f} ms, {cpu_ms:.0f} ms of CPU",
            goal=_goal(f"≤ {TRAINING_GOAL_MS} ms", is_met=median(training_ms) <= TRAINING_GOAL_MS),
            figures={"ms": median(training_ms), "CPU ms": cpu_ms},
        )
        return row, training_ms

    def _predicting(self, site: LiveSite) -> tuple[list[Row], dict[str, object]]:
        teachers = [Teacher(site.port) for _ in range(ACCOUNTS)]
        for teacher in teachers:
            teacher.add("one", self._photos[:2])
            teacher.add("other", self._photos[2:4])
            teacher.train()
        sides = []
        cpu_ms: dict[str, list[float]] = {}
        for name, model in (("built-in model", None), ("taught classifier", NAME)):
            requests = [
                _predict(photo, teachers[number % ACCOUNTS].token, model)
                for number, photo in enumerate(self._photos[:64])
            ]
            load = Load(site.port, requests, OUR_MARKER)
            self._generator.send(load, seconds=self._seconds)
            cpu_ms[name] = []
            sides.append(Side(name, partial(self._turn, site, load, cpu_ms[name])))
        runs = alternate(sides, self._rounds)
        print(f"  {in_short(runs)}", flush=True)
        built_in, taught = (Measured(side, done) for side, done in runs.items())
        rows = [
            comparison_row("predict", taught, built_in, at_least=TAUGHT_AT_LEAST),
            _cpu_row(cpu_ms[taught.name], cpu_ms[built_in.name]),
        ]
        return rows, {**as_numbers(runs), "cpu_ms": cpu_ms}

    def _turn(self, site: LiveSite, load: Load, cpu_ms: list[float]) -> Run:
        before = cpu_seconds(site.pid)
        run = self._generator.send(load, seconds=self._seconds, warm_up_seconds=0)
        cpu_ms.append((cpu_seconds(site.pid) - before) * 1000 / max(run.answered, 1))
        return run

    def _memory(self, database_url: str) -> tuple[Row, list[float]]:
        tokens = told_by("benchmarks.classifiers_seed", database_url, str(self._people))
        with running_site(
            database_url,
            self._folder / "classifiers.log",
            workers=2,
            environment_of=production_environment,
        ) as site:
            # As often both times: what grows with predictions alone is no classifier's.
            _use_in_turn(site, tokens[:1] * len(tokens), self._photos)
            of_one = service_mib(psutil.Process(site.pid))
            _use_in_turn(site, tokens, self._photos)
            of_all = service_mib(psutil.Process(site.pid))
        more = of_all - of_one
        row = Row(
            f"memory, {len(tokens):,} classifiers of as many people used in turn",
            f"{of_all:.0f} MiB",
            "one of them, as often",
            f"{of_one:.0f} MiB",
            goal=_goal(f"≤ {MEMORY_GOAL_MIB} MiB more", is_met=more <= MEMORY_GOAL_MIB),
            figures={"MiB more": more},
        )
        return row, [of_one, of_all]


def _use_in_turn(site: LiveSite, tokens: Sequence[str], photos: Sequence[bytes]) -> None:
    """Predict once with the classifier of each token's person; the clients share the people."""
    refused: list[object] = []

    def client(first: int) -> None:
        for number in range(first, len(tokens), CLIENTS):
            # A connection each, so that all workers have their part.
            connection = Connection(site.port, tokens[number])
            answer = connection.post(_body(photos[number % len(photos)], NAME), MULTIPART).json()
            connection.close()
            if OUR_MARKER not in json.dumps(answer, separators=(",", ":")):
                refused.append(answer)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    if refused:
        raise RuntimeError(f"{len(refused)} were refused, such as {refused[0]}")


def _cpu_row(taught_ms: Sequence[float], built_in_ms: Sequence[float]) -> Row:
    ratio = Ratio.of_pairs(built_in_ms, taught_ms)
    return Row(
        "predict, CPU of a prediction",
        f"{median(taught_ms):.1f} ms",
        "built-in model",
        f"{median(built_in_ms):.1f} ms",
        ratio=f"{ratio.median:.2f}",
        spread=f"{ratio.smallest:.2f} to {ratio.largest:.2f}",
        goal=_goal(f"≥ {TAUGHT_AT_LEAST}", is_met=ratio.median >= TAUGHT_AT_LEAST),
        figures={"CPU ms": median(taught_ms), "ratio": ratio.median},
    )


def _goal(goal: str, *, is_met: bool) -> str:
    return f"{goal}: {'met' if is_met else 'missed'}"


def _predict(photo: bytes, token: str, model: str | None) -> Request:
    return Request("/graphql", _body(photo, model), MULTIPART, token)


def _body(photo: bytes, model: str | None) -> bytes:
    wish = {"image": {"upload": None}, "model": model}
    parts = {
        "operations": json.dumps({"query": PREDICT, "variables": {"input": wish}}),
        "map": json.dumps({"photo": ["variables.input.image.upload"]}),
    }
    return form_with_photo(parts, photo)
