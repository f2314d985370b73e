"""`bentoml serve benchmarks.peers.bentoml.service:Classify`: the photo is the body."""

import os
from typing import Annotated

import bentoml
from bentoml.validators import ContentType

from benchmarks.peers.answering import Answering


@bentoml.service(workers=int(os.environ["WORKERS"]), traffic={"timeout": 60})
class Classify:
    """One model a worker."""

    def __init__(self) -> None:
        self._answering = Answering()

    @bentoml.api
    def predict(self, photo: Annotated[bytes, ContentType("image/jpeg")], /) -> dict[str, object]:
        """Return what is in the photo."""
        return self._answering.answer(photo)
