"""A head that somebody taught: what it says of embeddings, and its bytes.

It works on embeddings of unit length, made from what a history keeps of them (float16), so that an
answer and a later reading of it are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from server.classifier.classifier import LEAST_LENGTH, Classification

if TYPE_CHECKING:
    import numpy.typing as npt

    from server.classifier.card import TaughtCard

_FLOAT = "<f4"


def unit_length(embeddings: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    """Return ``embeddings``, ``(N, E)``, each rounded to float16 and of length 1."""
    kept = embeddings.astype(np.float16).astype(np.float32)
    lengths = np.sqrt((kept * kept).sum(axis=-1, keepdims=True))
    directions: npt.NDArray[np.float32] = kept / np.maximum(lengths, np.float32(LEAST_LENGTH))
    return directions


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """What a head says of N embeddings.

    ``probabilities`` is ``(N, L) float32``; ``similarity``, of each to the nearest label's mean,
    ``(N,) float32``, -1 to 1; ``is_known`` ``(N,) bool``.
    """

    probabilities: npt.NDArray[np.float32]
    similarity: npt.NDArray[np.float32]
    is_known: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class TaughtHead:
    """A calibrated linear layer, and how an embedding has to look to be any of the labels.

    ``weights`` is ``(E, L)``, ``bias`` ``(L,)``, both float32 and divided by the temperature;
    ``prototypes`` ``(E, K)`` float32, the mean of each label but "something else", of length 1.
    What is less similar than ``threshold`` to all of them is none of the labels. ``something_else``
    is the place of that label, where there is one.
    """

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    prototypes: npt.NDArray[np.float32]
    threshold: float
    something_else: int | None = None

    def read(self, embeddings: npt.NDArray[np.floating]) -> Reading:
        """Return what it says of ``embeddings``, ``(N, E)``; one matrix product."""
        directions = unit_length(embeddings)
        label_count = self.weights.shape[1]
        products = directions @ np.concatenate([self.weights, self.prototypes], axis=1)
        logits = products[:, :label_count] + self.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities = odds / odds.sum(axis=1, keepdims=True)
        similarity = products[:, label_count:].max(axis=1)
        is_known = similarity >= np.float32(self.threshold)
        if self.something_else is not None:
            is_known &= probabilities.argmax(axis=1) != self.something_else
        return Reading(probabilities=probabilities, similarity=similarity, is_known=is_known)

    @property
    def byte_count(self) -> int:
        """Return how much memory it takes, in bytes."""
        return self.weights.nbytes + self.bias.nbytes + self.prototypes.nbytes

    def to_bytes(self) -> bytes:
        """Return weights, bias and prototypes as little-endian float32, a label after the other."""
        parts = (self.weights.T, self.bias, self.prototypes.T)
        return b"".join(np.ascontiguousarray(part, dtype=_FLOAT).tobytes() for part in parts)


def head_from_bytes(
    stored: bytes, *, label_count: int, threshold: float, something_else: int | None
) -> TaughtHead:
    """Return the head that ``to_bytes`` wrote; ``ValueError`` where the size is no such one's."""
    prototype_count = label_count - (something_else is not None)
    floats = np.frombuffer(stored, dtype=_FLOAT).astype(np.float32)
    size, rest = divmod(floats.size - label_count, label_count + prototype_count)
    if rest or size <= 0:
        raise ValueError(f"{len(stored)} bytes are no head of {label_count} labels")
    weights, bias, prototypes = np.split(
        floats, [label_count * size, label_count * size + label_count]
    )
    return TaughtHead(
        weights=weights.reshape(label_count, size).T.copy(),
        bias=bias.copy(),
        prototypes=prototypes.reshape(prototype_count, size).T.copy(),
        threshold=threshold,
        something_else=something_else,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class TaughtClassifier:
    """A head and what it is called, ready to answer."""

    card: TaughtCard
    head: TaughtHead

    def classify(self, embedding: npt.NDArray[np.float32]) -> Classification:
        """Return what it says of one picture's ``embedding``, ``(E,) float32``."""
        reading = self.head.read(embedding[np.newaxis])
        return Classification(
            card=self.card,
            probabilities=reading.probabilities[0],
            embedding=embedding,
            is_known=bool(reading.is_known[0]),
        )
