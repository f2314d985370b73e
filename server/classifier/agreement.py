"""Holds an exported model against PyTorch's answers on real photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from server.classifier.errors import ExportDisagrees
from server.classifier.image_file import ImageLimits
from server.classifier.packaged_file import packaged_file
from server.classifier.preprocessing import decode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from server.classifier.classifier import Classification, Classifier

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


def read_photos() -> dict[str, bytes]:
    """Return the photos by their file names; raises ``BuildDependencyMissing``."""
    return {photo: packaged_file(PHOTO_DISTRIBUTION, photo).read_bytes() for photo in PHOTOS}


def measure_agreement(
    reference: Classifier, exported: Classifier, photos: Mapping[str, bytes]
) -> float:
    """Return the largest difference in probability between the two models on ``photos``.

    Raises ``ExportDisagrees`` where it exceeds ``MAX_PROBABILITY_DIFFERENCE`` or the five best
    labels are not the same in the same order.
    """
    differences = [0.0]
    for photo, image_bytes in photos.items():
        pixels = decode(image_bytes, reference.card, ImageLimits()).pixels
        differences.append(_difference_on(photo, pixels, reference, exported))
    return max(differences)


def _difference_on(
    photo: str, pixels: npt.NDArray[np.uint8], reference: Classifier, exported: Classifier
) -> float:
    expected, found = reference.classify(pixels), exported.classify(pixels)
    difference = float(np.abs(expected.probabilities - found.probabilities).max())
    same_top_5 = _labels(expected) == _labels(found)
    # Written so that NaN, which compares false with everything, is refused.
    if not (difference <= MAX_PROBABILITY_DIFFERENCE and same_top_5):
        raise ExportDisagrees(photo, max_difference=difference, same_top_5=same_top_5)
    return difference


def _labels(classification: Classification) -> list[str]:
    return [score.label for score in classification.top(TOP_COUNT)]
