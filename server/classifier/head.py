"""A head: from an embedding to one probability a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

HEAD_WEIGHTS_FILE = "head_weights.npy"
HEAD_BIAS_FILE = "head_bias.npy"


@dataclass(frozen=True, kw_only=True, eq=False)
class Head:
    """A linear layer and a softmax: ``weights`` (E, L) and ``bias`` (L,), float32, L labels."""

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def probabilities(self, embedding: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return ``(N, L) float32`` of ``embedding`` ``(N, E) float32``; each row sums to 1."""
        return softmax(embedding @ self.weights + self.bias)

    def save(self, directory: Path) -> None:
        """Write the two arrays into ``directory``."""
        np.save(directory / HEAD_WEIGHTS_FILE, np.ascontiguousarray(self.weights))
        np.save(directory / HEAD_BIAS_FILE, self.bias)


class NoHead:
    """Stands for the head of a network that tells logits itself."""

    def probabilities(self, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return ``(N, L) float32`` of ``logits`` of that shape; each row sums to 1."""
        return softmax(logits)


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return ``(N, L) float32`` of ``logits`` of that shape; each row sums to 1."""
    # The largest logit becomes 0, so that exp cannot overflow; the quotient is the same.
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: npt.NDArray[np.float32] = odds / odds.sum(axis=1, keepdims=True)
    return probabilities


def load_head(directory: Path) -> Head:
    """Return the head saved in ``directory``, mapped: workers share its 5 MB of pages."""
    return Head(
        weights=np.load(directory / HEAD_WEIGHTS_FILE, mmap_mode="r"),
        bias=np.load(directory / HEAD_BIAS_FILE, mmap_mode="r"),
    )
