"""PyTorch runs the network itself: the reference, and the engine for a GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from server.classifier.engine import Features
from server.classifier.head import Head
from server.classifier.network import load_network
from server.classifier.packaged_file import packaged_file

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from server.classifier.card import ModelCard
    from server.classifier.network import EfficientNetLite0


class TorchEngine:
    """An ``Engine`` on the GPU if there is one, else on one thread; create it after the fork."""

    def __init__(self, network: EfficientNetLite0) -> None:
        """Move ``network`` to where it will run."""
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # Threads are the workers' business: a pool here would fight them for the cores.
        torch.set_num_threads(1)
        self._network = network.to(self._device)

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, ``(N, 224, 224, 3) uint8, RGB``, N at least 1."""
        return self.features(pixels).embedding

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map."""
        with torch.inference_mode():
            feature_map, embedding = self._network(torch.from_numpy(pixels).to(self._device))
        return Features(feature_map.cpu().numpy(), embedding.cpu().numpy())


def load_published_network(card: ModelCard) -> EfficientNetLite0:
    """Return the network of ``card`` with the weights of the installed package.

    Raises ``BuildDependencyMissing`` or ``WeightsChanged``.
    """
    return load_network(card, packaged_file(card.weights_distribution, card.weights_file))


def published_head(network: EfficientNetLite0) -> Head:
    """Return the head that ``network`` was published with."""
    return Head(
        weights=network.head.weight.detach().cpu().numpy().T,  # (1280, 1000)
        bias=network.head.bias.detach().cpu().numpy(),  # (1000,)
    )
