"""The seam between the classifier and whatever runs the backbone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EngineName = Literal["onnx", "torch", "remote"]

# The tensors of every exported graph.
PIXELS_INPUT = "pixels"
FEATURE_MAP_OUTPUT = "feature_map"
EMBEDDING_OUTPUT = "embedding"


@dataclass(frozen=True)
class Features:
    """What the backbone makes of N pictures.

    ``feature_map`` is ``(N, 1280, 7, 7) float32``, each value 0 to 6; ``embedding`` is its mean
    over the places, ``(N, 1280) float32``.
    """

    feature_map: npt.NDArray[np.float32]
    embedding: npt.NDArray[np.float32]


class Engine(Protocol):
    """Runs the backbone; safe to call from several threads at once."""

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, ``(N, 224, 224, 3) uint8, RGB``, N at least 1."""
        ...

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map, for those who ask for it."""
        ...
