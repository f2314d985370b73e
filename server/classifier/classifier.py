"""A backbone and a head that together tell what is in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from server.classifier.errors import HeatMapUnknown
from server.classifier.head import NoHead
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
    ``(E,) float32``, and ``(0,)`` where the network has none. ``is_known`` tells whether it is like
    anything the model knows; what those know that nobody taught has no bounds that were measured.
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
        """Return what it says of one picture's ``embedding``, ``(E,)``."""
        ...


class Classifier:
    """One model, loaded."""

    def __init__(self, card: ModelCard, engine: Engine, head: Head | NoHead) -> None:
        """Join ``engine``, which runs the backbone of ``card``, and ``head``."""
        self.card = card
        self._engine = engine
        self._head = head

    def classify(
        self, pixels: npt.NDArray[np.uint8], taught: EmbeddingReader | None = None
    ) -> Classification:
        """Return what is in one picture, ``(side, side, 3) uint8``, by its head or by another's.

        ``taught`` is one that stands on the same backbone.
        """
        told = self._engine.embed(pixels[np.newaxis])  # (1, E), or logits (1, L)
        if taught is not None:
            return taught.classify(told[0])
        probabilities = self._head.probabilities(told)  # (1, L)
        embedding = told[0] if self.card.embedding_size is not None else np.empty(0, np.float32)
        return Classification(card=self.card, probabilities=probabilities[0], embedding=embedding)

    def heat_map(
        self,
        pixels: npt.NDArray[np.uint8],
        label_index: int,
        taught_head: LinearHead | None = None,
    ) -> npt.NDArray[np.float32]:
        """Return where in one picture a label comes from: ``(h, w) float32``, 0 to 1.

        The label is one of the card's; with ``taught_head``, which stands on the same backbone and
        reads embeddings of unit length, one of its. Raises ``HeatMapUnknown``.
        """
        if isinstance(self._head, NoHead) or not self.card.has_feature_map:
            raise HeatMapUnknown(self.card.name)
        feature_map = self._engine.features(pixels[np.newaxis]).feature_map[0]  # (E, h, w)
        if taught_head is None:
            return heat_map(self._head, feature_map, label_index)
        length = np.linalg.norm(feature_map.mean(axis=(1, 2)))
        return heat_map(taught_head, feature_map / max(length, LEAST_LENGTH), label_index)

    def read(self, embeddings: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Return the probabilities ``(N, L)`` of the labels, of ``embeddings``, ``(N, E)``."""
        return self._head.probabilities(embeddings.astype(np.float32))
