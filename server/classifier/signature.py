"""A short signature of an embedding: the more alike two photos are, the fewer bits differ.

The embedding is turned by a fixed rotation that mixes all its numbers, and of each number that
comes out the sign is kept (Charikar 2002; the rotation by signs and Hadamard matrices: Andoni et
al. 2015, https://arxiv.org/abs/1509.02897). A database counts differing bits of thousands of rows
in milliseconds, and finds so whom to compare exactly.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

SIGNATURE_BITS = 1024
ROUNDS = 3  # of signs and a Hadamard matrix: after three a rotation is as good as a random one
ROWS, COLUMNS = 32, 64  # a Hadamard matrix of 2,048 is the product of these two
LENGTH = ROWS * COLUMNS  # the next power of two over 1,280


def signatures(embeddings: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """Return ``(N, 128) uint8``, 1,024 bits each, of ``embeddings``, ``(N, 1280)``.

    Equal embeddings have equal signatures; their length, which says nothing of what is seen, does
    not count. Those of another network may have any size: what is beyond 2,048 numbers is added to
    the first.
    """
    count, size = embeddings.shape
    padded = np.zeros((count, max(1, -(-size // LENGTH)) * LENGTH), np.float32)
    padded[:, :size] = embeddings
    turned = padded.reshape(count, -1, LENGTH).sum(axis=1)
    rows, columns = _hadamard(ROWS), _hadamard(COLUMNS)
    for signs in _signs():
        turned = (rows @ (turned * signs).reshape(count, ROWS, COLUMNS) @ columns).reshape(
            count, LENGTH
        )
    return np.packbits(turned[:, :SIGNATURE_BITS] > 0, axis=1)


def as_bits(signature: npt.NDArray[np.uint8]) -> str:
    """Return one signature, ``(128,) uint8``, as PostgreSQL writes bits: ``0100…``."""
    return f"{int.from_bytes(signature.tobytes()):0{SIGNATURE_BITS}b}"


@cache
def _signs() -> npt.NDArray[np.float32]:
    """Return ``(3, 2048) float32`` of -1 and 1, the same on every machine and for ever."""
    drawn = hashlib.shake_256(b"telltale signature").digest(ROUNDS * LENGTH // 8)
    bits = np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(ROUNDS, LENGTH)
    return (bits * 2.0 - 1.0).astype(np.float32)


@cache
def _hadamard(size: int) -> npt.NDArray[np.float32]:
    """Return ``(size, size) float32`` of -1 and 1 with rows at right angles; a power of two."""
    matrix = np.ones((1, 1), np.float32)
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
