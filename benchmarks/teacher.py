"""Somebody who teaches a classifier through the API."""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from harness.accounts import new_token
from harness.connection import Connection
from harness.predictions import MULTIPART, form_with_photo

NAME = "benchmark"
CREATE = f'mutation {{ createClassifier(input: {{name: "{NAME}"}}) {{ classifier {{ id }} }} }}'
ADD = """mutation ($input: AddExamplesInput!) { addExamples(input: $input) {
  examples { id } errors { code } } }"""
RELABEL = """mutation ($input: RelabelExamplesInput!) { relabelExamples(input: $input) {
  errors { code } } }"""
TRAIN = """mutation ($id: ID!) { trainClassifier(input: {classifier: $id}) {
  version { number } errors { code } } }"""


class Teacher:
    """An account, and a classifier of it that is called `NAME`."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.token = token or new_token(port, ("READ", "PREDICT", "MANAGE"))
        self._port = port
        self._classifier = self._ask(CREATE)["createClassifier"]["classifier"]["id"]

    def add(self, label: str, photos: Sequence[bytes]) -> list[str]:
        """Add each photo by a request of its own; return the ids of the examples."""
        wish = {"classifier": self._classifier, "label": label, "images": [{"upload": None}]}
        parts = {
            "operations": json.dumps({"query": ADD, "variables": {"input": wish}}),
            "map": json.dumps({"photo": ["variables.input.images.0.upload"]}),
        }
        added = []
        with closing(Connection(self._port, self.token)) as connection:
            for photo in photos:
                answer = connection.post(form_with_photo(parts, photo), MULTIPART).json()
                told = _without_errors(answer["data"]["addExamples"])
                added.append(told["examples"][0]["id"])
        return added

    def relabel(self, example: str, label: str) -> None:
        """Say that an example shows something else."""
        wish = {"classifier": self._classifier, "examples": [example], "label": label}
        _without_errors(self._ask(RELABEL, {"input": wish})["relabelExamples"])

    def train(self) -> float:
        """Train, and return how long that took in milliseconds."""
        started = time.perf_counter()
        answer = self._ask(TRAIN, {"id": self._classifier})
        taken_ms = (time.perf_counter() - started) * 1000
        _without_errors(answer["trainClassifier"])
        return taken_ms

    def _ask(self, document: str, variables: object = None) -> Any:  # noqa: ANN401 - what was asked
        with closing(Connection(self._port, self.token)) as connection:
            return connection.execute(document, variables).json()["data"]


def _without_errors(payload: Any) -> Any:  # noqa: ANN401 - as above
    if payload["errors"]:
        raise RuntimeError(payload)
    return payload
