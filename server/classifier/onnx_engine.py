"""ONNX Runtime runs the exported graph: the engine of a web worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from server.classifier.engine import (
    EMBEDDING_OUTPUT,
    FEATURE_MAP_OUTPUT,
    PIXELS_INPUT,
    Features,
)
from server.classifier.freed_memory import return_freed_memory

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt


class OnnxEngine:
    """An ``Engine`` on one thread; create it after the fork."""

    def __init__(self, graph_path: Path, output: str = EMBEDDING_OUTPUT) -> None:
        """Load and optimise the graph: about 60 ms. ``output`` is the card's."""
        self._output = output
        options = onnxruntime.SessionOptions()
        # Threads are the workers' business: a pool here would fight them for the cores.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        self._session = onnxruntime.InferenceSession(
            graph_path, options, providers=["CPUExecutionProvider"]
        )
        return_freed_memory()  # by loading: 30 MB of 104

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, or the logits."""
        (told,) = self._run([self._output], pixels)
        return told

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map."""
        return Features(*self._run([FEATURE_MAP_OUTPUT, EMBEDDING_OUTPUT], pixels))

    def _run(
        self, outputs: list[str], pixels: npt.NDArray[np.uint8]
    ) -> list[npt.NDArray[np.float32]]:
        # The graph takes one picture: on this CPU a batch is no faster, only needs more memory.
        runs = [
            self._session.run(outputs, {PIXELS_INPUT: picture}) for picture in pixels[:, np.newaxis]
        ]
        return (
            runs[0]
            if len(runs) == 1
            else [np.concatenate(parts) for parts in zip(*runs, strict=True)]
        )
