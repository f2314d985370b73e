"""`python -m inference_tier.conformance`: a server of the protocol, asked by NVIDIA's client.

It runs in the tier's environment with `check_requirements.txt`; any server with our graph will do.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tritonclient import http
from tritonclient.utils import InferenceServerException

from server.classifier.catalogue import read_catalogue
from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT
from server.classifier.exported_model import MANIFEST_FILE, Manifest
from server.classifier.golden import MAX_DISTANCE, distance, golden_pixels, load_golden_embedding

NOBODY = "no-such-model"


class Conversation:
    """Asks a server what the protocol has, and counts what it does otherwise."""

    def __init__(self, address: str, directory: Path, token: str) -> None:
        """Speak of the model whose export lies in `directory`."""
        manifest = Manifest(**json.loads((directory / MANIFEST_FILE).read_text(encoding="utf-8")))
        self._card = read_catalogue(directory.parent).named(manifest.name)
        self.failures = 0
        self._model = manifest.served_name
        self._client = http.InferenceServerClient(address, network_timeout=60)
        self._headers = {"Authorization": f"Bearer {token}"} if token else None
        self._expected = load_golden_embedding(directory)

    def hold(self) -> None:
        """Ask everything once, and print a line for each."""
        client, model, headers = self._client, self._model, self._headers
        self._expect("lives", lambda: client.is_server_live(headers))
        self._expect("is ready", lambda: client.is_server_ready(headers))
        self._expect("has the model", lambda: client.is_model_ready(model, headers=headers))
        self._expect("has no other", lambda: not client.is_model_ready(NOBODY, headers=headers))
        self._expect("tells of itself", lambda: "name" in client.get_server_metadata(headers))
        self._expect("tells of the model", self._describes)
        for sent, got in itertools.product((True, False), repeat=2):
            what = f"answers {_form(got)} to {_form(sent)}"
            self._expect(what, lambda sent=sent, got=got: self._answers(sent, got))  # type: ignore[misc]
        if self._card.has_feature_map:
            self._expect("answers with the map", self._answers_with_the_map)
        self._expect("answers where no output is named", self._answers_by_default)
        self._expect("has version 1", lambda: self._infer(model_version="1"))
        self._expect("gives the id back", self._gives_the_id_back)
        self._refuses("an unknown model", "404", lambda: self._infer(model=NOBODY))
        self._refuses("another shape", "400", lambda: self._infer(size=self._card.input_size + 1))
        wrong = [http.InferRequestedOutput("wrong")]
        self._refuses("an unknown output", "400", lambda: self._infer(outputs=wrong))
        self._refuses("a packed body", "415", lambda: self._infer(compression="gzip"))

    def _infer(
        self,
        *,
        model: str | None = None,
        size: int | None = None,
        binary: bool = True,
        compression: str | None = None,
        **settings: object,
    ) -> http.InferResult:
        pixels = golden_pixels(size or self._card.input_size)
        tensor = http.InferInput(PIXELS_INPUT, list(pixels.shape), "UINT8")
        tensor.set_data_from_numpy(pixels, binary_data=binary)
        return self._client.infer(
            model or self._model,
            [tensor],
            headers=self._headers and dict(self._headers),  # it writes into what it is given
            request_compression_algorithm=compression,
            **settings,
        )

    def _describes(self) -> bool:
        told = self._client.get_model_metadata(self._model, headers=self._headers)
        names = [tensor["name"] for tensor in told["inputs"] + told["outputs"]]
        return {PIXELS_INPUT, self._card.output} <= set(names)

    def _answers(self, sent: bool, got: bool) -> bool:  # noqa: FBT001 - a pair of many
        outputs = [http.InferRequestedOutput(self._card.output, binary_data=got)]
        return self._is_right(self._infer(binary=sent, outputs=outputs))

    def _answers_with_the_map(self) -> bool:
        names = (FEATURE_MAP_OUTPUT, self._card.output)
        answer = self._infer(outputs=[http.InferRequestedOutput(name) for name in names])
        mean = answer.as_numpy(FEATURE_MAP_OUTPUT).mean(axis=(2, 3))
        return self._is_right(answer) and bool(
            np.allclose(mean, answer.as_numpy(self._card.output), atol=1e-3)
        )

    def _answers_by_default(self) -> bool:
        return self._is_right(self._infer())

    def _gives_the_id_back(self) -> bool:
        answer = self._infer(request_id="seven")
        return bool(answer.get_response()["id"] == "seven")

    def _is_right(self, answer: http.InferResult) -> bool:
        found: npt.NDArray[np.float32] = answer.as_numpy(self._card.output)
        return distance(self._expected, found[0]) <= MAX_DISTANCE

    def _expect(self, what: str, ask: Callable[[], object]) -> None:
        try:
            failure = None if ask() else "no"
        except Exception as error:  # noqa: BLE001 - whatever it was, it is a finding
            failure = f"{type(error).__name__}: {error}"
        self.failures += failure is not None
        print(f"  {what} ... {failure or 'yes'}", flush=True)

    def _refuses(self, what: str, status: str, ask: Callable[[], object]) -> None:
        def refused() -> bool:
            try:
                ask()
            except InferenceServerException as error:
                return error.status() == status and bool(error.message())
            return False

        self._expect(f"refuses {what} by {status}", refused)


def _form(is_binary: bool) -> str:  # noqa: FBT001 - the only argument
    return "bytes" if is_binary else "numbers"


def main() -> int:
    """Return how much was otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="host:port of the server")
    parser.add_argument("directory", type=Path, help="the export of the model to ask for")
    parser.add_argument("--token", default="")
    arguments = parser.parse_args()
    conversation = Conversation(arguments.address, arguments.directory, arguments.token)
    conversation.hold()
    print(f"{conversation.failures} not as the protocol has it.")
    return conversation.failures


if __name__ == "__main__":
    sys.exit(main())
