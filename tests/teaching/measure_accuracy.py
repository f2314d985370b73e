"""Measure what teaching achieves on folders of labelled photos: ``<set>/<label>/<photo>.jpg``.

Run by hand: ``python -m tests.teaching.measure_accuracy FOLDER [--draws 20]``. Every photo goes
through the API once, as a prediction. A draw takes so many photos a label by chance, makes them
examples, trains, and has all the other photos read by the classifier: those of its own set, and a
hundred of the other sets, which are like none of its labels. Accuracy is the mean over labels, ECE
that of 15 bins. The database is one of its own, made for it.
"""

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

from harness.databases import migrated_database
from harness.postgres import postgres_in

SHOTS = (2, 5, 10, 20)
FOREIGN = 100
BINS = 15
READ = """
query ($ids: [ID!]!, $model: String!) {
  nodes(ids: $ids) { ... on Prediction { id readAs(model: $model) { label confidence isKnown } } }
}
"""


@dataclass
class Figures:
    """What the draws of a set and a number of shots gave, each a share from 0 to 1."""

    accuracy: list[float] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    far: list[float] = field(default_factory=list)
    error: list[float] = field(default_factory=list)

    def told(self) -> str:
        spread = 1.96 * stdev(self.accuracy) / len(self.accuracy) ** 0.5
        return (
            f"{mean(self.accuracy):6.1%} ±{spread:5.1%} (worst {min(self.accuracy):.0%})"
            f"  known {mean(self.known):4.0%}  far {mean(self.far):4.0%}"
            f"  ECE {mean(self.error):.3f}"
        )


class Trial:
    """An account that has sent all the photos, and teaches with them."""

    def __init__(self, folder: Path) -> None:
        from tests.support.stored import signed_in

        self.api = signed_in("trial@example.org")
        self.photos: dict[str, dict[str, list[str]]] = {}
        for photo in sorted(folder.glob("*/*/*.jpg")):
            answer = self.api.upload(photo.read_bytes()).data["predict"]
            kinds = self.photos.setdefault(photo.parts[-3], {})
            kinds.setdefault(photo.parts[-2], []).append(answer["prediction"]["id"])

    def draw(self, name: str, shots: int, draw: np.random.Generator, figures: Figures) -> None:
        kinds = self.photos[name]
        order = {label: draw.permutation(ids) for label, ids in kinds.items()}
        created = self._mutate("createClassifier", "classifier { id }", name="trial")
        classifier = created["classifier"]["id"]
        for label, ids in order.items():
            self._mutate(
                "addExamples",
                "examples { id }",
                classifier=classifier,
                label=label,
                predictions=list(ids[:shots]),
            )
        self._mutate("trainClassifier", "version { id }", classifier=classifier)
        truth = {key: label for label, keys in order.items() for key in keys[shots:]}
        readings = dict(self._read(list(truth)))
        foreign = [
            key
            for other, kinds_of_other in self.photos.items()
            if other != name
            for keys in kinds_of_other.values()
            for key in keys
        ]
        far = dict(self._read(list(draw.choice(foreign, FOREIGN, replace=False))))
        self._mutate("deleteClassifier", "deletedId", id=classifier)

        right = {
            label: mean(readings[key]["label"] == label for key in keys[shots:])
            for label, keys in order.items()
        }
        figures.accuracy.append(mean(right.values()))
        figures.known.append(mean(each["isKnown"] for each in readings.values()))
        figures.far.append(mean(each["isKnown"] for each in far.values()))
        figures.error.append(
            calibration_error(
                np.array([readings[key]["confidence"] for key in truth]),
                np.array([readings[key]["label"] == label for key, label in truth.items()]),
            )
        )

    def _read(self, ids: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        for start in range(0, len(ids), 100):
            page = self.api.execute(READ, ids=ids[start : start + 100], model="trial").data["nodes"]
            yield from ((node["id"], node["readAs"]) for node in page)

    def _mutate(self, mutation: str, fields: str, **options: object) -> dict[str, Any]:
        from tests.support.mutations import mutate, payload

        answer = payload(mutate(self.api, mutation, fields, **options))
        assert answer["errors"] == [], answer["errors"]
        return answer


def calibration_error(confidence: np.ndarray, is_right: np.ndarray) -> float:
    """Return the expected difference between confidence and accuracy."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(confidence[bins == each].sum() - is_right[bins == each].sum())
            for each in range(BINS)
        )
        / len(confidence)
    )


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measure(folder: Path, draws: int) -> None:
    from server.predictions.inference import inference

    inference().start()
    trial = Trial(folder)
    for shots in SHOTS:
        of_sets = []
        for name in trial.photos:
            figures = Figures()
            for number in range(draws):
                trial.draw(name, shots, np.random.default_rng((shots, number)), figures)
            of_sets.append(figures)
            tell(f"{shots:3} a label  {name:10} {figures.told()}")
        columns = ("accuracy", "known", "far", "error")
        told = {column: mean(mean(getattr(each, column)) for each in of_sets) for column in columns}
        tell(
            f"{shots:3} a label  all sets   {told['accuracy']:6.1%}  known {told['known']:.1%}"
            f"  far {told['far']:.1%}  ECE {told['error']:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as temporary,
        postgres_in(Path(temporary) / "postgres") as cluster,
        migrated_database(cluster.url("postgres"), "trial") as database_url,
    ):
        os.environ |= {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "server.settings",
            "PREDICTIONS_PER_DAY": "1000000",
            "EXAMPLES_PER_ACCOUNT": "5000",
        }
        import django

        django.setup()
        logging.disable(logging.INFO)
        measure(arguments.folder, arguments.draws)


if __name__ == "__main__":
    main()
