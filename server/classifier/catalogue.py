"""Which models a process serves, and which of them answers where none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.errors import ModelTwice, ModelUnknown
from server.classifier.own_card import CARD_FILE, read_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from server.classifier.card import ModelCard


class Catalogue:
    """Cards of models that lie below ``directory``, each name once; the first is the default."""

    def __init__(self, directory: Path, cards: Iterable[ModelCard] = (EFFICIENTNET_LITE0,)) -> None:
        """Hold at least one card."""
        self.directory = directory
        self._cards = {card.name: card for card in cards}
        self.default = next(iter(self._cards.values()))

    def __iter__(self) -> Iterator[ModelCard]:
        return iter(self._cards.values())

    def __contains__(self, name: object) -> bool:
        return name in self._cards

    def get(self, name: str) -> ModelCard | None:
        """Return the card of the model ``name``; None where none is served."""
        return self._cards.get(name)

    def named(self, name: str | None) -> ModelCard:
        """Return the card of the model ``name``, or of the default one for None.

        Raises ``ModelUnknown``.
        """
        if name is None:
            return self.default
        try:
            return self._cards[name]
        except KeyError:
            raise ModelUnknown(name) from None

    def of_version(self, name: str, version: str) -> ModelCard | None:
        """Return the card of this very version; None where that is not served."""
        card = self._cards.get(name)
        return card if card is not None and card.version == version else None

    def with_backbone(self, backbone: str) -> ModelCard | None:
        """Return the card whose embeddings those of ``backbone``, a name and a version, are.

        None where no model is served that reads pictures as that one did.
        """
        name, _, version = backbone.rpartition(" ")
        card = self._cards.get(name)
        if card is None or version not in (card.version, *card.earlier_versions):
            return None
        return card

    @property
    def teachable(self) -> list[ModelCard]:
        """The models that have embeddings, on which classifiers can be taught."""
        return [card for card in self if card.embedding_size is not None]


def read_catalogue(directory: Path, names: Sequence[str] = ()) -> Catalogue:
    """Return the models called ``names``, the default one first, of those that lie in a folder.

    Without names it is all of them, and the built-in one is the default. Raises ``ModelUnknown``
    where none is called so, ``ModelTwice`` or ``ModelNotBuilt``.
    """
    found = {EFFICIENTNET_LITE0.name: EFFICIENTNET_LITE0, **_own_cards(directory)}
    for name in names:
        if name not in found:
            raise ModelUnknown(name)
    return Catalogue(directory, [found[name] for name in names or found])


def _own_cards(directory: Path) -> dict[str, ModelCard]:
    cards: dict[str, ModelCard] = {}
    for path in sorted(directory.glob(f"[!.]*/{CARD_FILE}")):
        card = read_card(path)
        if card.name in cards:
            raise ModelTwice(card.name, directory)
        cards[card.name] = card
    return cards
