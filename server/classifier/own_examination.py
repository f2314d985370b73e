"""What an operator's network tells of pictures, found out by asking it, before it is exported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from server.classifier.card import ModelCard
from server.classifier.errors import LabelsDoNotFit, NetworkMissing, NetworkUnfit, NetworkWavers
from server.classifier.golden import golden_pixels
from server.classifier.head import Head, NoHead
from server.classifier.own_card import require_valid
from server.classifier.torch_engine import head_of

if TYPE_CHECKING:
    from server.classifier.own_network import OwnNetwork

MAX_EMBEDDING_SIZE = 8192
MAP_DIMENSIONS = 4
TOLERANCE = 1e-3  # of the largest number: sums in another order differ by less


@dataclass(frozen=True, eq=False)
class Examined:
    """A network that can be exported, in evaluation mode, and its card."""

    card: ModelCard
    network: nn.Module
    head: Head | NoHead


def examine(own: OwnNetwork, reference: str) -> Examined:
    """Return the network with its card; ``reference`` is where it was imported from.

    Raises ``CardInvalid``, ``NetworkMissing``, ``NetworkUnfit`` or ``NetworkWavers``.
    """
    card = _drafted(own, reference)
    require_valid(card)
    network = _loaded(own, reference)
    first = golden_pixels(card.input_size)
    alone = _asked(network, first)
    _require_same("the same picture twice", alone, _asked(network, first), tolerance=0)
    both = _asked(network, np.concatenate([first, 255 - first]))
    _require_same("alone and beside another", alone, [each[:1] for each in both])
    if own.head is None:
        head: Head | NoHead = NoHead()
        _require_logits(alone, len(card.labels))
    else:
        head = head_of(_layer(network, own.head))
        size = _embedding_size(alone)
        _require_head_fits(head, size, len(card.labels))
        card = replace(card, embedding_size=size, has_feature_map=len(alone) > 1)
    card = replace(card, weights_sha256=_digest(card, network))
    return Examined(card, network, head)


def _drafted(own: OwnNetwork, reference: str) -> ModelCard:
    return ModelCard(
        name=own.name,
        version=own.version,
        labels=tuple(own.labels),
        glosses=tuple(own.glosses),
        input_size=own.input_size,
        crop_fraction=own.crop_fraction,
        embedding_size=None,
        has_feature_map=False,
        weights_sha256="",
        license=own.license,
        source=own.source,
        made_from=reference,
    )


def _loaded(own: OwnNetwork, reference: str) -> nn.Module:
    try:
        network = own.load()
    except Exception as error:
        # Whatever the operator's function does is told to him.
        raise NetworkMissing(reference, f"load: {type(error).__name__}: {error}") from error
    if not isinstance(network, nn.Module):
        raise NetworkMissing(reference, f"load returns {type(network).__name__}, no nn.Module")
    return network.cpu().eval()


def _asked(network: nn.Module, pixels: np.typing.NDArray[np.uint8]) -> list[Tensor]:
    """Return what the network tells: one tensor or two, a row a picture."""
    expected = "one or two float32 tensors with a row a picture, from pixels "
    expected += f"{tuple(pixels.shape)} uint8"
    try:
        with torch.inference_mode():
            told = network(torch.from_numpy(pixels))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise NetworkUnfit("forward", found=reason, expected=expected) from error
    tensors = list(told) if isinstance(told, tuple | list) else [told]
    for tensor in tensors:
        if not isinstance(tensor, Tensor):
            raise NetworkUnfit("forward", found=type(tensor).__name__, expected=expected)
        if tensor.dtype != torch.float32 or tensor.ndim == 0 or len(tensor) != len(pixels):
            found = f"{tuple(tensor.shape)} {tensor.dtype}"
            raise NetworkUnfit("forward", found=found, expected=expected)
        if not tensor.isfinite().all() or not tensor.any():
            found = "nothing but zeros" if tensor.isfinite().all() else "what is no number"
            raise NetworkUnfit("forward", found=found, expected="numbers")
    if len(tensors) not in (1, 2):
        raise NetworkUnfit("forward", found=f"{len(tensors)} tensors", expected=expected)
    return tensors


def _require_same(
    when: str, expected: list[Tensor], found: list[Tensor], *, tolerance: float = TOLERANCE
) -> None:
    for one, other in zip(expected, found, strict=True):
        if one.shape != other.shape:
            raise NetworkUnfit(when, found=str(tuple(other.shape)), expected=str(tuple(one.shape)))
        apart = float((one - other).abs().max())
        if not apart <= tolerance * max(1.0, float(one.abs().max())):  # NaN too
            raise NetworkWavers(when, max_difference=apart)


def _require_logits(told: list[Tensor], labels: int) -> None:
    if len(told) != 1 or told[0].ndim != 2:  # noqa: PLR2004 - pictures and logits
        found = " and ".join(str(tuple(tensor.shape)) for tensor in told)
        raise NetworkUnfit("forward", found=found, expected="logits (N, L), for `head` is None")
    if told[0].shape[1] != labels:
        raise LabelsDoNotFit(labels=labels, logits=told[0].shape[1])


def _layer(network: nn.Module, name: str) -> nn.Linear:
    try:
        layer = network.get_submodule(name)
    except AttributeError as error:
        raise NetworkUnfit("head", found=f"no {name}", expected="the name of a layer") from error
    if not isinstance(layer, nn.Linear):
        raise NetworkUnfit("head", found=type(layer).__name__, expected="Linear")
    return layer


def _embedding_size(told: list[Tensor]) -> int:
    embedding = told[-1]
    size = embedding.shape[-1]
    if embedding.ndim != 2 or not 1 < size <= MAX_EMBEDDING_SIZE:  # noqa: PLR2004
        raise NetworkUnfit(
            "embedding",
            found=str(tuple(embedding.shape)),
            expected=f"(N, E), E at most {MAX_EMBEDDING_SIZE}",
        )
    if len(told) > 1:
        _require_mean(told[0], embedding)
    return size


def _require_mean(feature_map: Tensor, embedding: Tensor) -> None:
    """A heat map is exact only where the embedding is the mean of the map over its places."""
    if feature_map.ndim != MAP_DIMENSIONS or feature_map.shape[:2] != embedding.shape:
        found, size = str(tuple(feature_map.shape)), embedding.shape[1]
        raise NetworkUnfit("feature map", found=found, expected=f"(N, {size}, h, w)")
    apart = float((feature_map.mean(dim=(2, 3)) - embedding).abs().max())
    if not apart <= TOLERANCE * max(1.0, float(embedding.abs().max())):
        expected = "the embedding: return that alone where it is something else"
        raise NetworkUnfit("mean of the feature map", found=f"{apart:.2e} off", expected=expected)


def _require_head_fits(head: Head, size: int, labels: int) -> None:
    if head.weights.shape[0] != size:
        found = f"a layer that takes {head.weights.shape[0]}"
        raise NetworkUnfit("head", found=found, expected=f"{size}, as the embedding has")
    if head.weights.shape[1] != labels:
        raise LabelsDoNotFit(labels=labels, logits=head.weights.shape[1])


def _digest(card: ModelCard, network: nn.Module) -> str:
    """Return the SHA-256 of the weights under a name and a version.

    Two networks with the same weights that look at pictures otherwise are two versions, and so are
    never taken for one.
    """
    digest = hashlib.sha256(f"{card.backbone} {card.output}".encode())
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        # As bytes, whatever the type: numpy knows no bfloat16.
        digest.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
