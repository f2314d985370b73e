"""`python -m benchmarks.peers.litserve.serve`: WORKERS and PORT come from the environment."""

import os

import litserve
from starlette.requests import Request

from benchmarks.peers.answering import Answering


class Classify(litserve.LitAPI):
    """Decode and infer in a worker."""

    def setup(self, device: str) -> None:  # noqa: ARG002 - LitServe's signature
        """Load the graph, in each worker."""
        self._answering = Answering()

    def decode_request(self, request: Request) -> bytes:
        """Return the uploaded file; LitServe gives the form in the place of the request."""
        return request["photo"].file.read()

    def predict(self, image: bytes) -> dict[str, object]:
        """Return what is in the picture."""
        return self._answering.answer(image)

    def encode_response(self, output: dict[str, object]) -> dict[str, object]:
        """Return it as it is."""
        return output


if __name__ == "__main__":
    server = litserve.LitServer(
        Classify(), accelerator="cpu", devices=1, workers_per_device=int(os.environ["WORKERS"])
    )
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
