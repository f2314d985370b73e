"""Where in a picture a label comes from: exact, for the head is linear in the feature map.

The embedding is the mean of the feature map over its places, so the difference of two logits is
the mean of that difference over the places: each place has its share. No gradient is needed
(class activation mapping, Zhou et al. 2016, https://arxiv.org/abs/1512.04150).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import numpy.typing as npt

OVERLAY_COLOUR = (255, 72, 0)  # seen on grass, sky and skin alike
OVERLAY_OPACITY = 0.75  # of the strongest place; the picture still shows


class LinearHead(Protocol):
    """What a heat map needs of a head: ``weights`` (E, L) and ``bias`` (L,), L two or more."""

    @property
    def weights(self) -> npt.NDArray[np.float32]:
        """A column a label."""
        ...

    @property
    def bias(self) -> npt.NDArray[np.float32]:
        """A number a label."""
        ...


def heat_map(
    head: LinearHead, feature_map: npt.NDArray[np.float32], label_index: int
) -> npt.NDArray[np.float32]:
    """Return how much each place speaks for a label: ``(h, w) float32``, 0 to 1.

    A place counts by what it adds to the label over its alternatives, each of these weighed by its
    probability. The strongest place is 1; what speaks against the label is 0; where nothing speaks
    for it, all are 0.

    Args:
        head: whose label it is. One that reads embeddings of unit length gets a map whose mean has
            that length.
        feature_map: of one picture, ``(E, h, w) float32``.
        label_index: the place of the label among those of the head.
    """
    logits = feature_map.mean(axis=(1, 2)) @ head.weights + head.bias  # (L,)
    logits[label_index] = -np.inf
    odds = np.exp(logits - logits.max())
    weights = head.weights[:, label_index] - head.weights @ (odds / odds.sum())  # (E,)
    heat = np.maximum(np.tensordot(weights, feature_map, axes=1), 0)  # (h, w)
    strongest = heat.max()
    return (heat / strongest if strongest > 0 else heat).astype(np.float32)


def draw_overlay(heat: npt.NDArray[np.float32], side: int) -> bytes:
    """Return a PNG to lay over the crop, ``side`` pixels wide and high.

    One colour, as dense as ``heat``, ``(h, w) float32`` of 0 to 1, is; smooth between the places.
    """
    places = Image.fromarray((heat * 255 * OVERLAY_OPACITY).round().astype(np.uint8), "L")
    density = np.asarray(places.resize((side, side), Image.Resampling.BICUBIC))
    # A palette of one colour in 256 densities: a third of the bytes of four channels.
    overlay = Image.fromarray(density, "P")
    overlay.putpalette(OVERLAY_COLOUR * 256)
    encoded = io.BytesIO()
    overlay.save(encoded, "PNG", transparency=bytes(range(256)))
    return encoded.getvalue()
