"""Holds an exported model against PyTorch's answers on real photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from server.classifier.errors import ExportDisagrees
from server.classifier.image_file import ImageLimits
from server.classifier.packaged_file import packaged_file
from server.classifier.preprocessing import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.classifier.classifier import Classifier
    from server.classifier.preprocessing import DecodedImage

MAX_PROBABILITY_DIFFERENCE = 1e-3
TOP_COUNT = 5

# Photos that the wheel of scikit-image carries.
PHOTO_DISTRIBUTION = "scikit-image"
PHOTOS = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "retina.jpg",
    "rocket.jpg",
)


def measure_agreement(
    reference: Classifier, exported: Classifier, photos: Iterable[str] = PHOTOS
) -> float:
    """Return the largest difference in probability between the two models on ``photos``.

    Raises ``ExportDisagrees`` where it exceeds ``MAX_PROBABILITY_DIFFERENCE`` or the five best
    labels are not the same in the same order; ``BuildDependencyMissing`` where a photo is missing.
    """
    return max(_difference_on(photo, reference, exported) for photo in photos)


def _difference_on(photo: str, reference: Classifier, exported: Classifier) -> float:
    pixels = _decoded(photo, reference).pixels
    expected, found = reference.classify(pixels), exported.classify(pixels)
    difference = float(np.abs(expected.probabilities - found.probabilities).max())
    same_top_5 = [score.label for score in expected.top(TOP_COUNT)] == [
        score.label for score in found.top(TOP_COUNT)
    ]
    # Written so that NaN, which compares false with everything, is refused.
    if not (difference <= MAX_PROBABILITY_DIFFERENCE and same_top_5):
        raise ExportDisagrees(photo, max_difference=difference, same_top_5=same_top_5)
    return difference


def _decoded(photo: str, reference: Classifier) -> DecodedImage:
    path = packaged_file(PHOTO_DISTRIBUTION, photo)
    return decode(path.read_bytes(), reference.card, ImageLimits())
