"""`python -m benchmarks.peers.litserve_torch.serve`: with BATCH and THREADS in the environment."""

import os
from collections.abc import Sequence

import litserve
import numpy as np
import torch
from starlette.requests import Request

from benchmarks.peers import lit_server
from benchmarks.peers.answering import as_answer, pixels_of
from server.classifier.card import EFFICIENTNET_LITE0 as CARD
from server.classifier.classifier import Classification
from server.classifier.torch_engine import TorchEngine, load_published_network, published_head

BATCH = int(os.environ["BATCH"])
BATCH_SECONDS = 0.01  # how long a batch waits for company


class Classify(litserve.LitAPI):
    """Decode, then infer alone or in a batch."""

    def setup(self, device: str) -> None:  # noqa: ARG002 - LitServe's signature
        """Load the network, in each worker."""
        network = load_published_network(CARD)
        self._engine = TorchEngine(network)
        self._head = published_head(network)
        torch.set_num_threads(int(os.environ["THREADS"]))

    def decode_request(self, request: Request) -> np.ndarray:
        """Return the pixels of the uploaded file, `(224, 224, 3) uint8`."""
        return pixels_of(request["photo"].file.read())

    def batch(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """Return pictures as one array, `(N, 224, 224, 3) uint8`."""
        return np.stack(inputs)

    def predict(self, pixels: np.ndarray) -> list[Classification] | Classification:
        """Return what is in one picture, or in each of a batch."""
        is_batch = pixels.ndim == 4  # noqa: PLR2004 - of dimensions
        embeddings = self._engine.embed(pixels if is_batch else pixels[np.newaxis])
        classifications = [
            Classification(card=CARD, probabilities=probabilities, embedding=embedding)
            for probabilities, embedding in zip(
                self._head.probabilities(embeddings), embeddings, strict=True
            )
        ]
        return classifications if is_batch else classifications[0]

    def unbatch(self, output: list[Classification]) -> list[Classification]:
        """Return the answers one by one."""
        return output

    def encode_response(self, output: Classification) -> dict[str, object]:
        """Return the label and the top five."""
        return as_answer(output)


if __name__ == "__main__":
    api = Classify(max_batch_size=BATCH, batch_timeout=BATCH_SECONDS if BATCH > 1 else 0.0)
    lit_server.run(api)
