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
EMBEDDING_OUTPUT = "embedding"  # where the network has one
LOGITS_OUTPUT = "logits"  # in its place, where it has none


@dataclass(frozen=True)
class Features:
    """What the backbone makes of N pictures.

    ``feature_map`` is ``(N, E, h, w) float32``; ``embedding`` is its mean over the places,
    ``(N, E) float32``. Those of the built-in model have E = 1280, h = w = 7.
    """

    feature_map: npt.NDArray[np.float32]
    embedding: npt.NDArray[np.float32]


class Engine(Protocol):
    """Runs the backbone; safe to call from several threads at once.

    ``pixels`` are ``(N, side, side, 3) uint8, RGB``, N at least 1, the side that of the card.
    """

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, or the logits of a network that has none."""
        ...

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map, where the network has one."""
        ...
