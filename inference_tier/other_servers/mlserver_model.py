"""The graph on MLServer: what a `model-settings.json` names as its implementation.

https://docs.seldon.ai/mlserver/user-guide/custom
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

from inference_tier.served_model import load_models
from server.classifier.engine import EMBEDDING_OUTPUT, FEATURE_MAP_OUTPUT


class Graph(MLModel):
    """The export below `parameters.uri` that `parameters.extra` names."""

    async def load(self) -> bool:
        """Read the export and see that it answers as when it was made."""
        models = load_models(Path(self.settings.parameters.uri), "onnx")
        self._model = models[self.settings.parameters.extra["graph"]]
        # A run holds its thread, and the engine is for one at a time.
        self._thread = ThreadPoolExecutor(1, "graph")
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Run the graph on the pictures; the map is for those who ask for it."""
        pixels = NumpyCodec.decode_input(payload.inputs[0]).astype(np.uint8, copy=False)
        wanted = [output.name for output in payload.outputs or ()] or [EMBEDDING_OUTPUT]
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(
            self._thread, lambda: self._model.run(pixels, with_map=FEATURE_MAP_OUTPUT in wanted)
        )
        outputs = [NumpyCodec.encode_output(name, made[name]) for name in wanted]
        return InferenceResponse(model_name=self.name, outputs=outputs)
