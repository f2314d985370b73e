"""Which model a classifier stands on: it reads the embeddings of that one alone.

Another network would see other numbers in the same photo, be there as many of them or not. So a
classifier stays where it was made, whatever the default model is afterwards, and answers as long as
that model is served.
"""

from server.classifier.card import ModelCard
from server.predictions.models import Prediction
from server.predictions.served import served
from server.teaching.errors import ModelNotTeachable, ModelRetired
from server.teaching.models import Classifier, ClassifierVersion


def chosen_backbone(model: str | None) -> ModelCard:
    """Return the model of a new classifier: by its name, else the first that has embeddings.

    Raises:
        ModelUnknown: no model is called so.
        ModelNotTeachable: the model, or every one of them, has no embedding.
    """
    teachable = served().teachable
    if model is None and teachable:
        return teachable[0]
    card = served().named(model)
    if card not in teachable:
        raise ModelNotTeachable(card.name)
    return card


def backbone_of(taught: Classifier | ClassifierVersion) -> ModelCard:
    """Return the model that a classifier, or a version of one, stands on.

    Raises:
        ModelRetired: it is served no more.
    """
    card = served().with_backbone(taught.backbone)
    if card is None or card.embedding_size is None:
        raise ModelRetired(taught.backbone)
    return card


def is_of(prediction: Prediction, card: ModelCard) -> bool:
    """Return whether the embedding of a prediction is of the network of a model."""
    return bool(prediction.model_version.weights_sha256 == card.weights_sha256)
