"""What every peer does with a photo: our decoding, our exported graph, the label and the top five.

With the network and the decoding the same, what differs is the serving. Nothing is stored, and
nobody is asked who they are.
"""

import json

from scripts.paths import MODELS
from server.classifier.card import EFFICIENTNET_LITE0
from server.classifier.classifier import Classification
from server.classifier.image_file import ImageLimits
from server.classifier.loading import load_exported
from server.classifier.preprocessing import decode

LIMITS = ImageLimits()
TOP = 5


class Answering:
    """The model of one process, loaded."""

    def __init__(self) -> None:
        self._classifier = load_exported(EFFICIENTNET_LITE0, MODELS)

    def answer(self, image: bytes) -> dict[str, object]:
        """Return the answer about an encoded picture."""
        pixels = decode(image, EFFICIENTNET_LITE0, LIMITS).pixels
        return as_answer(self._classifier.classify(pixels))

    def answer_as_json(self, image: bytes) -> bytes:
        """Return the answer as the body of a response."""
        return json.dumps(self.answer(image)).encode()


def as_answer(classification: Classification) -> dict[str, object]:
    """Return the label and the most probable ones."""
    scores = classification.top(TOP)
    return {"label": scores[0].label, "scores": scores}
