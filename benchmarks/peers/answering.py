"""What every peer does with a photo: decode it, run our exported graph, tell the top five.

Nothing is stored, and nobody is asked who they are. A photo is decoded as the guides of the peers
have it, or by our decoder, so that nothing but the serving differs.
"""

import io
import json
import os

import numpy as np
from PIL import Image

from scripts.paths import MODELS
from server.classifier.card import EFFICIENTNET_LITE0 as CARD
from server.classifier.classifier import Classification
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_exported
from server.classifier.preprocessing import decode

LIMITS = ImageLimits()
TOP = 5
DECODER = "DECODER"  # the variable of the environment that says which
OUR_DECODER = "ours"


class Answering:
    """The model of one process, loaded."""

    def __init__(self) -> None:
        self._classifier = load_exported(CARD, MODELS)

    def answer(self, image: bytes) -> dict[str, object]:
        """Return the answer about an encoded picture."""
        return as_answer(self._classifier.classify(pixels_of(image)))

    def answer_as_json(self, image: bytes) -> bytes:
        """Return the answer as the body of a response."""
        return json.dumps(self.answer(image)).encode()


def pixels_of(image: bytes) -> np.ndarray:
    """Return what the model sees of an encoded picture, `(224, 224, 3) uint8, RGB`."""
    if os.environ.get(DECODER) == OUR_DECODER:
        return decode(image, CARD, LIMITS).pixels
    return published_pixels(image)


def published_pixels(image: bytes) -> np.ndarray:
    """Return the same by the steps that the model was published with, each by Pillow."""
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    scale = CARD.input_size / CARD.crop_fraction / min(picture.size)
    size = (round(picture.width * scale), round(picture.height * scale))
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    left, top = ((side - CARD.input_size) // 2 for side in picture.size)
    return np.asarray(picture.crop((left, top, left + CARD.input_size, top + CARD.input_size)))


def as_answer(classification: Classification) -> dict[str, object]:
    """Return the label and the most probable ones."""
    scores = classification.top(TOP)
    return {"label": scores[0].label, "scores": scores}
