"""A backbone and a head that together tell what is in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from server.classifier.heat_map import heat_map

if TYPE_CHECKING:
    import numpy.typing as npt

    from server.classifier.card import ModelCard, TaughtCard
    from server.classifier.engine import Engine
    from server.classifier.head import Head
    from server.classifier.heat_map import LinearHead


LEAST_LENGTH = 1e-12  # of an embedding, so that one of nothing is no division by nought


class Score(NamedTuple):
    """A label and its probability, 0 to 1."""

    label: str
    probability: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Classification:
    """What a model says about one picture.

    ``probabilities`` is ``(L,) float32`` in the order of ``card.labels``; ``embedding`` is
    ``(1280,) float32``. ``is_known`` tells whether it is like anything the model knows; what the
    built-in model knows has no bounds that were measured.
    """

    card: ModelCard | TaughtCard
    probabilities: npt.NDArray[np.float32]
    embedding: npt.NDArray[np.float32]
    is_known: bool = True

    def top(self, count: int) -> list[Score]:
        """Return the ``count`` most probable labels, best first; equals in the card's order."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return [Score(self.card.labels[i], float(self.probabilities[i])) for i in order]


class EmbeddingReader(Protocol):
    """What answers from an embedding alone, such as a classifier that somebody taught."""

    def classify(self, embedding: npt.NDArray[np.float32]) -> Classification:
        """Return what it says of one picture's ``embedding``, ``(1280,)``."""
        ...


class Classifier:
    """One model, loaded."""

    def __init__(self, card: ModelCard, engine: Engine, head: Head) -> None:
        """Join ``engine``, which runs the backbone of ``card``, and ``head``."""
        self.card = card
        self._engine = engine
        self._head = head

    def classify(
        self, pixels: npt.NDArray[np.uint8], taught: EmbeddingReader | None = None
    ) -> Classification:
        """Return what is in one picture, ``(224, 224, 3) uint8, RGB``, by its head or by another's.

        ``taught`` is one that stands on the same backbone.
        """
        embedding = self._engine.embed(pixels[np.newaxis])  # (1, 1280)
        if taught is not None:
            return taught.classify(embedding[0])
        probabilities = self._head.probabilities(embedding)  # (1, L)
        return Classification(
            card=self.card, probabilities=probabilities[0], embedding=embedding[0]
        )

    def heat_map(
        self,
        pixels: npt.NDArray[np.uint8],
        label_index: int,
        taught_head: LinearHead | None = None,
    ) -> npt.NDArray[np.float32]:
        """Return where in one picture a label comes from: ``(7, 7) float32``, 0 to 1.

        The label is one of the card's; with ``taught_head``, which stands on the same backbone and
        reads embeddings of unit length, one of its.
        """
        feature_map = self._engine.features(pixels[np.newaxis]).feature_map[0]  # (1280, 7, 7)
        if taught_head is None:
            return heat_map(self._head, feature_map, label_index)
        length = np.linalg.norm(feature_map.mean(axis=(1, 2)))
        return heat_map(taught_head, feature_map / max(length, LEAST_LENGTH), label_index)

    def read(self, embeddings: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Return the probabilities ``(N, L)`` of the labels, of ``embeddings``, ``(N, 1280)``."""
        return self._head.probabilities(embeddings.astype(np.float32))
