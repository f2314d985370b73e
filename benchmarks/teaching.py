"""Teaching: training through the API, and what was taught beside the built-in model."""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.alternation import Side, alternate
from benchmarks.comparison import Measured, as_numbers, comparison_row, in_short
from benchmarks.databases import fresh_database, running_cluster
from benchmarks.predict_contenders import ACCOUNTS, OUR_MARKER, PREDICT
from benchmarks.report import Row
from harness.accounts import new_token
from harness.connection import Connection
from harness.environment import production_environment
from harness.load.generator import Generator
from harness.load.requests import Load, Request, Run
from harness.photos import photos_of_100_kb
from harness.predictions import MULTIPART, form_with_photo
from harness.site import running_site

NAME = "benchmark"
LABELS, EXAMPLES_A_LABEL = 10, 20
TRAINING_GOAL_MS = 50
TAUGHT_AT_LEAST = 0.98
CREATE = f'mutation {{ createClassifier(input: {{name: "{NAME}"}}) {{ classifier {{ id }} }} }}'
ADD = """mutation ($input: AddExamplesInput!) { addExamples(input: $input) {
  examples { id } errors { code } } }"""
TRAIN = """mutation ($id: ID!) { trainClassifier(input: {classifier: $id}) {
  version { number } errors { code } } }"""


class TeachingBenchmark:
    """One run of the benchmark."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self._folder = folder
        self._generator = Generator(folder)
        self._photos = photos_of_100_kb(LABELS * EXAMPLES_A_LABEL)
        self._rounds, self._seconds, self._trainings = (2, 1.0, 10) if quick else (9, 5.0, 100)

    def run(self) -> tuple[dict[str, object], list[Row]]:
        """Teach one account with much and the others with little, then measure."""
        with (
            running_cluster() as cluster,
            running_site(
                fresh_database(cluster, "teaching"),
                self._folder / "teaching.log",
                workers=2,
                environment_of=production_environment,
            ) as site,
        ):
            training_ms = self._training_ms(_Teacher(site.port))
            runs = self._runs(site.port)
        built_in, taught = (Measured(side, done) for side, done in runs.items())
        training = Row(
            f"training of {len(self._photos)} examples, through the API",
            f"{median(training_ms):.0f} ms p50",
            goal=f"≤ {TRAINING_GOAL_MS} ms",
            figures={"ms": median(training_ms)},
        )
        predicting = comparison_row("predict", taught, built_in, at_least=TAUGHT_AT_LEAST)
        return {"training_ms": training_ms, "runs": as_numbers(runs)}, [training, predicting]

    def _training_ms(self, teacher: "_Teacher") -> list[float]:
        for label in range(LABELS):
            teacher.add(str(label), self._photos[label::LABELS])
        teacher.train()
        return [teacher.train() for _ in range(self._trainings)]

    def _runs(self, port: int) -> dict[str, list[Run]]:
        teachers = [_Teacher(port) for _ in range(ACCOUNTS)]
        for teacher in teachers:
            teacher.add("one", self._photos[:2])
            teacher.add("other", self._photos[2:4])
            teacher.train()
        sides = []
        for name, model in (("built-in model", None), ("taught classifier", NAME)):
            requests = [
                _predict(photo, teachers[number % ACCOUNTS].token, model)
                for number, photo in enumerate(self._photos[:64])
            ]
            load = Load(port, requests, OUR_MARKER)
            self._generator.send(load, seconds=self._seconds)
            take_turn = partial(self._generator.send, load, seconds=self._seconds)
            sides.append(Side(name, take_turn))
        runs = alternate(sides, self._rounds)
        print(f"  {in_short(runs)}", flush=True)
        return runs


class _Teacher:
    """Somebody with an account and a classifier."""

    def __init__(self, port: int) -> None:
        self.token = new_token(port, ("READ", "PREDICT", "MANAGE"))
        self._port = port
        self._classifier = self._ask(CREATE)["createClassifier"]["classifier"]["id"]

    def add(self, label: str, photos: Sequence[bytes]) -> None:
        """Add each photo by a request of its own."""
        wish = {"classifier": self._classifier, "label": label, "images": [{"upload": None}]}
        parts = {
            "operations": json.dumps({"query": ADD, "variables": {"input": wish}}),
            "map": json.dumps({"photo": ["variables.input.images.0.upload"]}),
        }
        with closing(Connection(self._port, self.token)) as connection:
            for photo in photos:
                answer = connection.post(form_with_photo(parts, photo), MULTIPART).json()
                if answer["data"]["addExamples"]["errors"]:
                    raise RuntimeError(answer)

    def train(self) -> float:
        """Train, and return how long that took in milliseconds."""
        started = time.perf_counter()
        answer = self._ask(TRAIN, {"id": self._classifier})
        if answer["trainClassifier"]["errors"]:
            raise RuntimeError(answer)
        return (time.perf_counter() - started) * 1000

    def _ask(self, document: str, variables: object = None) -> Any:  # noqa: ANN401 - what was asked
        with closing(Connection(self._port, self.token)) as connection:
            return connection.execute(document, variables).json()["data"]


def _predict(photo: bytes, token: str, model: str | None) -> Request:
    wish = {"image": {"upload": None}, "model": model}
    parts = {
        "operations": json.dumps({"query": PREDICT, "variables": {"input": wish}}),
        "map": json.dumps({"photo": ["variables.input.image.upload"]}),
    }
    return Request("/graphql", form_with_photo(parts, photo), MULTIPART, token)
