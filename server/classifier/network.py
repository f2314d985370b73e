"""EfficientNet-Lite0 in PyTorch: the reference that every other engine must agree with.

The network is MobileNetV2's inverted residual, scaled, without squeeze-and-excitation and with
ReLU6 instead of swish (Tan and Le 2019, arXiv:1905.11946; the "lite" variants:
github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite).

Submodule names follow the published state dict, so that it loads with ``strict=True``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from server.classifier.checksum import sha256_of_file
from server.classifier.errors import WeightsChanged

if TYPE_CHECKING:
    from pathlib import Path

    from server.classifier.card import PublishedCard

# TensorFlow's value; PyTorch's default of 1e-5 would cost accuracy with these weights.
BATCH_NORM_EPSILON = 1e-3


class Stage(NamedTuple):
    """A run of inverted residual blocks; only its first block has the stride."""

    expansion: int
    out_channels: int
    blocks: int
    stride: int
    kernel_size: int


STAGES = (
    Stage(expansion=1, out_channels=16, blocks=1, stride=1, kernel_size=3),  # 112 x 112
    Stage(expansion=6, out_channels=24, blocks=2, stride=2, kernel_size=3),  # 56 x 56
    Stage(expansion=6, out_channels=40, blocks=2, stride=2, kernel_size=5),  # 28 x 28
    Stage(expansion=6, out_channels=80, blocks=3, stride=2, kernel_size=3),  # 14 x 14
    Stage(expansion=6, out_channels=112, blocks=3, stride=1, kernel_size=5),  # 14 x 14
    Stage(expansion=6, out_channels=192, blocks=4, stride=2, kernel_size=5),  # 7 x 7
    Stage(expansion=6, out_channels=320, blocks=1, stride=1, kernel_size=3),  # 7 x 7
)
STEM_CHANNELS = 32


class SamePaddedConv2d(nn.Conv2d):
    """A bias-free convolution with TensorFlow's SAME padding for sides divisible by the stride.

    With stride 2 the padding is one larger at the bottom and right; PyTorch's symmetric padding
    would shift every feature map by half a pixel.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        groups: int = 1,
    ) -> None:
        """Build the convolution without padding of its own."""
        super().__init__(
            in_channels, out_channels, kernel_size, stride=stride, groups=groups, bias=False
        )
        total = kernel_size - stride
        before, after = total // 2, total - total // 2
        self._padding_sides = (before, after, before, after)

    def forward(self, features: Tensor) -> Tensor:
        """``(N, C_in, H, W) -> (N, C_out, H / stride, W / stride)``."""
        if any(self._padding_sides):
            features = functional.pad(features, self._padding_sides)
        return super().forward(features)


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPSILON)


class InvertedResidual(nn.Module):
    """Expand the channels (1x1), filter each (depthwise), project back (1x1), add the input."""

    def __init__(self, in_channels: int, stage: Stage, *, first: bool) -> None:
        """Build one block of ``stage``; the ``first`` one carries the stage's stride."""
        super().__init__()
        stride = stage.stride if first else 1
        hidden = in_channels * stage.expansion
        self._expands = stage.expansion != 1
        self._adds_input = stride == 1 and in_channels == stage.out_channels
        if self._expands:
            self._expand_conv = SamePaddedConv2d(in_channels, hidden, 1)
            self._bn0 = _batch_norm(hidden)
        self._depthwise_conv = SamePaddedConv2d(
            hidden, hidden, stage.kernel_size, stride=stride, groups=hidden
        )
        self._bn1 = _batch_norm(hidden)
        self._project_conv = SamePaddedConv2d(hidden, stage.out_channels, 1)
        self._bn2 = _batch_norm(stage.out_channels)

    def forward(self, features: Tensor) -> Tensor:
        """``(N, C_in, H, W) -> (N, C_out, H / stride, W / stride)``."""
        hidden = features
        if self._expands:
            hidden = functional.relu6(self._bn0(self._expand_conv(hidden)))
        hidden = functional.relu6(self._bn1(self._depthwise_conv(hidden)))
        projected: Tensor = self._bn2(self._project_conv(hidden))
        return features + projected if self._adds_input else projected


class EfficientNetLite0(nn.Module):
    """Backbone and head; the backbone alone is what is exported and served."""

    _mean: Tensor
    _std: Tensor

    def __init__(self, card: PublishedCard) -> None:
        """Build the network of ``card`` with random weights."""
        super().__init__()
        # Not persistent: the published state dict does not know them.
        self.register_buffer("_mean", torch.tensor(card.mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("_std", torch.tensor(card.std).view(1, 3, 1, 1), persistent=False)
        self._conv_stem = SamePaddedConv2d(3, STEM_CHANNELS, 3, stride=2)
        self._bn0 = _batch_norm(STEM_CHANNELS)
        self._blocks = nn.ModuleList()
        channels = STEM_CHANNELS
        for stage in STAGES:
            for index in range(stage.blocks):
                self._blocks.append(InvertedResidual(channels, stage, first=index == 0))
                channels = stage.out_channels
        self._conv_head = SamePaddedConv2d(channels, card.embedding_size, 1)
        self._bn1 = _batch_norm(card.embedding_size)
        self._fc = nn.Linear(card.embedding_size, len(card.labels))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Return the feature map and the embedding of ``pixels``.

        ``(N, 224, 224, 3) uint8, RGB -> (N, 1280, 7, 7) float32, (N, 1280) float32``.
        """
        features = pixels.permute(0, 3, 1, 2).to(self._fc.weight.dtype)  # (N, 3, 224, 224)
        features = (features - self._mean) / self._std
        features = functional.relu6(self._bn0(self._conv_stem(features)))  # (N, 32, 112, 112)
        for block in self._blocks:
            features = block(features)
        # (N, 320, 7, 7) here
        feature_map = functional.relu6(self._bn1(self._conv_head(features)))  # (N, 1280, 7, 7)
        return feature_map, feature_map.mean(dim=(2, 3))  # (N, 1280)

    @property
    def head(self) -> nn.Linear:
        """The layer that turns an embedding into one logit a label."""
        return self._fc


def load_network(card: PublishedCard, weights_path: Path) -> EfficientNetLite0:
    """Return the network of ``card`` with its published weights, in evaluation mode on the CPU.

    Raises ``WeightsChanged`` unless the file has the checksum on the card.
    """
    found_sha256 = sha256_of_file(weights_path)
    if found_sha256 != card.weights_sha256:
        raise WeightsChanged(weights_path, expected=card.weights_sha256, found=found_sha256)
    network = EfficientNetLite0(card)
    network.load_state_dict(torch.load(weights_path, map_location="cpu", weights_only=True))
    return network.eval()
