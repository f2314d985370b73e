"""A picture that every machine can make, and what the exported graph makes of it.

Whoever claims to run the same graph is asked for it: that proves what is computed, whatever the
server is called and whatever it says of itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from server.classifier.engine import Engine

GOLDEN_FILE = "golden_embedding.npy"
# A GPU that counts in TF32 or FP16 is about 0.001 away; another network, or other weights, 0.3.
MAX_DISTANCE = 0.02


def golden_pixels(size: int) -> npt.NDArray[np.uint8]:
    """Return ``(1, size, size, 3) uint8``: waves of three lengths, with edges of a chessboard."""
    down, across = np.mgrid[0:size, 0:size].astype(np.float64) / size
    channels = [
        np.sin(2 * np.pi * (down * (3 + c) + across * (7 - 2 * c)) + c) * 0.35 + 0.5
        for c in range(3)
    ]
    board = ((down * 6).astype(int) + (across * 6).astype(int)) % 2 * 0.15
    picture = (np.stack(channels, axis=-1) + board[..., np.newaxis]) * 255
    pixels: npt.NDArray[np.uint8] = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    return pixels[np.newaxis]


def save_golden_embedding(engine: Engine, size: int, directory: Path) -> None:
    """Write into ``directory`` what ``engine`` makes of the picture."""
    np.save(directory / GOLDEN_FILE, engine.embed(golden_pixels(size))[0])


def load_golden_embedding(directory: Path) -> npt.NDArray[np.float32]:
    """Return what was written, ``(E,) float32``."""
    embedding: npt.NDArray[np.float32] = np.load(directory / GOLDEN_FILE)
    return embedding


def distance(expected: npt.NDArray[np.float32], found: npt.NDArray[np.float32]) -> float:
    """Return how far ``found`` is from ``expected``, as a share of its length; NaN stays NaN."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))
