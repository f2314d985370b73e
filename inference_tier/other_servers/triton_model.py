"""The graph on Triton's Python backend: what `1/model.py` of a model repository imports.

https://github.com/triton-inference-server/python_backend
"""

import json
from pathlib import Path
from typing import Any

import triton_python_backend_utils as triton

from inference_tier.served_model import load_models
from server.classifier.engine import FEATURE_MAP_OUTPUT, PIXELS_INPUT


class TritonPythonModel:
    """The export `graph` of those below `models`, both parameters; Triton names the class."""

    def initialize(self, args: dict[str, str]) -> None:
        """Read the export and see that it answers as when it was made."""
        parameters = json.loads(args["model_config"])["parameters"]
        told = {name: value["string_value"] for name, value in parameters.items()}
        self._model = load_models(Path(told["models"]), "onnx")[told["graph"]]

    def execute(self, requests: list[Any]) -> list[Any]:
        """Answer each request; what it asks for is seen to by Triton, by the configuration."""
        return [self._answer(request) for request in requests]

    def _answer(self, request: Any) -> Any:  # noqa: ANN401 - Triton publishes no types
        pixels = triton.get_input_tensor_by_name(request, PIXELS_INPUT).as_numpy()
        wanted = request.requested_output_names()  # all of them where nothing was said
        made = self._model.run(pixels, with_map=FEATURE_MAP_OUTPUT in wanted)
        return triton.InferenceResponse(
            [triton.Tensor(name, tensor) for name, tensor in made.items() if name in wanted]
        )
