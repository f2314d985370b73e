"""`python -m benchmarks.peers.litserve.serve`: the exported graph."""

import litserve
from starlette.requests import Request

from benchmarks.peers import lit_server
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
    lit_server.run(Classify())
