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
    from torch import nn

    from server.classifier.card import PublishedCard
    from server.classifier.network import EfficientNetLite0


class TorchEngine:
    """An ``Engine`` on the GPU if there is one, else on one thread; create it after the fork."""

    def __init__(self, network: nn.Module) -> None:
        """Move ``network`` to where it will run."""
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        # Threads are the workers' business: a pool here would fight them for the cores.
        torch.set_num_threads(1)
        self._network = network.to(self._device)

    def embed(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the embedding of ``pixels``, or the logits."""
        return self._run(pixels)[-1]

    def features(self, pixels: npt.NDArray[np.uint8]) -> Features:
        """Return the same with the feature map."""
        return Features(*self._run(pixels))

    def _run(self, pixels: npt.NDArray[np.uint8]) -> list[npt.NDArray[np.float32]]:
        with torch.inference_mode():
            told = self._network(torch.from_numpy(pixels).to(self._device))
        tensors = told if isinstance(told, tuple) else (told,)
        return [tensor.cpu().numpy() for tensor in tensors]


def load_published_network(card: PublishedCard) -> EfficientNetLite0:
    """Return the network of ``card`` with the weights of the installed package.

    Raises ``BuildDependencyMissing`` or ``WeightsChanged``.
    """
    return load_network(card, packaged_file(card.weights_distribution, card.weights_file))


def published_head(network: EfficientNetLite0) -> Head:
    """Return the head that ``network`` was published with."""
    return head_of(network.head)


def head_of(layer: nn.Linear) -> Head:
    """Return the head that a layer of PyTorch's is."""
    weights = layer.weight.detach().cpu().float()  # (L, E)
    bias: torch.Tensor | None = layer.bias
    bias = torch.zeros(len(weights)) if bias is None else bias.detach().cpu().float()
    return Head(weights=weights.numpy().T, bias=bias.numpy())
