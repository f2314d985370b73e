"""Small networks that tell colours, trained here in a second: of each kind that may be served."""

from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional

from server.classifier.own_network import OwnNetwork

COLOURS = {"red": (200, 40, 40), "green": (40, 180, 50), "blue": (40, 60, 200)}
SIDE = 32
WIDTH = 24  # of the embedding


class Backbone(nn.Module):
    """Feature map and embedding, (N, 24, 8, 8) and (N, 24)."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.second = nn.Conv2d(16, WIDTH, 3, stride=2, padding=1)
        self.head = nn.Linear(WIDTH, len(COLOURS))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        features = pixels.permute(0, 3, 1, 2).float() / 255 - 0.5
        features = functional.relu(self.first(features))
        feature_map = functional.relu(self.second(features))
        return feature_map, feature_map.mean(dim=(2, 3))


class EmbeddingAlone(Backbone):
    """Its embedding is no mean of a map: a layer follows."""

    def forward(self, pixels: Tensor) -> Tensor:  # type: ignore[override]
        return functional.normalize(super().forward(pixels)[1])


class LogitsAlone(Backbone):
    """Tells no embedding."""

    def forward(self, pixels: Tensor) -> Tensor:  # type: ignore[override]
        return self.head(super().forward(pixels)[1])


def trained(kind: type[Backbone], seed: int = 0) -> Backbone:
    """Return a network that knows red, green and blue."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = kind()
        optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
        base = torch.tensor(list(COLOURS.values()), dtype=torch.float32)
        for _ in range(80):
            places = torch.randint(0, len(COLOURS), (32,))
            noise = torch.randn(32, SIDE, SIDE, 3) * 30
            pixels = (base[places][:, None, None] + noise).clamp(0, 255).to(torch.uint8)
            told = network(pixels)
            told = told[-1] if isinstance(told, tuple) else told
            logits = told if kind is LogitsAlone else network.head(told)
            optimizer.zero_grad()
            functional.cross_entropy(logits, places).backward()
            optimizer.step()
    return network


def own(kind: type[Backbone], name: str, *, version: str = "1", seed: int = 0) -> OwnNetwork:
    """Return the card of one of them."""
    return OwnNetwork(
        name=name,
        version=version,
        labels=tuple(COLOURS),
        load=cache(lambda: trained(kind, seed)),
        head=None if kind is LogitsAlone else "head",
        input_size=SIDE,
        crop_fraction=1.0,
        license="MIT",
        source="trained in a test",
    )


mapped = own(Backbone, "colours")
embedded = own(EmbeddingAlone, "colours-embedded")
logits = own(LogitsAlone, "colours-logits")
