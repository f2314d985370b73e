"""A network of the operator's own, as ``make model FROM=package.module:card`` takes it.

::

    from server.classifier.own_network import OwnNetwork

    card = OwnNetwork(
        name="flowers", version="1", labels=("daisy", "rose", "tulip"), load=load, head="head",
        license="MIT", source="https://example.org/flowers",
    )
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.classifier.errors import NetworkMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn


@dataclass(frozen=True, kw_only=True)
class OwnNetwork:
    """What has to be known of a network to serve it.

    The module takes ``(N, input_size, input_size, 3) uint8, RGB``, and does by itself whatever has
    to be done with the pixel values. It returns, all of them float32:

    - the logits ``(N, L)``, where ``head`` is None: then it answers, and no more;
    - else its embedding ``(N, E)``: people can teach on that, and photos be compared by it;
    - or a feature map and the embedding, ``(N, E, h, w)`` and ``(N, E)``, which is its mean over
      the places: then heat maps can be told too.

    Args:
        name: what ``predict(input: {model: …})`` asks for: a to z, digits, ``.``, ``-``.
        version: changes whenever an answer could: digits, letters, ``.``.
        labels: in the order of the logits.
        load: returns the module with its weights.
        head: the name of the ``nn.Linear`` in the module that makes logits of an embedding.
        license: of the weights, as an SPDX identifier.
        source: where the weights are from.
        input_size: the side of the square that it looks at, in pixels.
        crop_fraction: how much of the shorter side that square is.
        glosses: what each label means, in a sentence; may be left out.
    """

    name: str
    version: str
    labels: Sequence[str]
    load: Callable[[], nn.Module]
    license: str
    source: str
    head: str | None = None
    input_size: int = 224
    crop_fraction: float = 0.875
    glosses: Sequence[str] = ()


def find_own_network(reference: str) -> OwnNetwork:
    """Return what ``reference``, a ``package.module:card``, names; raises ``NetworkMissing``."""
    module_name, _, attribute = reference.partition(":")
    if not module_name or not attribute:
        raise NetworkMissing(reference, "it has to be such as package.module:card")
    try:
        found = getattr(importlib.import_module(module_name), attribute, None)
    except Exception as error:
        # Whatever the module does when it is imported is the operator's, and told to him.
        raise NetworkMissing(reference, f"{type(error).__name__}: {error}") from error
    if not isinstance(found, OwnNetwork):
        raise NetworkMissing(reference, f"it is {type(found).__name__}, no OwnNetwork")
    return found
