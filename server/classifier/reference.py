"""The network of a card in PyTorch, whoever's it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.classifier.card import PublishedCard
from server.classifier.errors import NetworkMissing, WeightsChanged
from server.classifier.own_examination import examine
from server.classifier.own_network import find_own_network
from server.classifier.torch_engine import load_published_network, published_head

if TYPE_CHECKING:
    from torch import nn

    from server.classifier.card import ModelCard
    from server.classifier.head import Head, NoHead


def reference_of(card: ModelCard) -> tuple[nn.Module, Head | NoHead]:
    """Return the network of ``card`` in evaluation mode, and its head.

    Raises ``BuildError``: ``WeightsChanged`` where an operator's has others than were exported.
    """
    if isinstance(card, PublishedCard):
        network = load_published_network(card)
        return network, published_head(network)
    if card.made_from is None:
        raise NetworkMissing(card.name, "its card does not say where it is imported from")
    found = examine(find_own_network(card.made_from), card.made_from)
    if found.card.weights_sha256 != card.weights_sha256:
        raise WeightsChanged(
            card.made_from, expected=card.weights_sha256, found=found.card.weights_sha256
        )
    return found.network, found.head
