"""Embeddings that are made up, where no photo is the point."""

import hashlib
from itertools import count

import numpy as np

_numbers = count()


def embedding_of(kind: str, *, spread: float = 0.5) -> bytes:
    """An embedding such as pictures of one kind have; another at each call."""
    seed = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:4])
    centre = np.random.default_rng(seed).exponential(size=1280)
    factors = np.random.default_rng((seed, next(_numbers))).normal(1, spread, size=1280)
    return np.maximum(centre * factors, 0).astype("<f2").tobytes()
