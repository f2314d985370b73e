"""Models in the schema."""

import strawberry

from server.api.arguments import bounded
from server.api.context import Info
from server.api.node import Node, global_id
from server.classifier.card import DEFAULT_MODEL, MODEL_CARDS, ModelCard
from server.predictions.models import ModelVersion

MAX_LABELS = 1_000


@strawberry.type(
    description="A version of an image classifier: what it knows, and where it is from."
)
class Model(Node):
    """A version of a classifier, served today or remembered by a prediction."""

    name: str = strawberry.field(description="The name to ask for in `predict`.")
    version: str = strawberry.field(
        description="Changes whenever an answer could: weights, labels or preprocessing."
    )
    is_default: bool = strawberry.field(
        description="Whether `predict` uses it when no model is named."
    )

    @strawberry.field(description="The labels it can answer with, in the order of its outputs.")
    def labels(self, info: Info, first: int = 100) -> list[str]:
        """Return the first labels; at most 1,000."""
        size = bounded("first", first, maximum=MAX_LABELS)
        info.context.row_budget.spend(size)
        return list(self._description().labels[:size])

    @strawberry.field(description="How many labels it can answer with.")
    def label_count(self) -> int:
        """Return the number of labels."""
        return len(self._description().labels)

    @strawberry.field(description="The license of its weights, as an SPDX identifier.")
    def license(self) -> str:
        """Return the license."""
        return self._description().license

    @strawberry.field(description="Where its weights come from.")
    def source(self) -> str:
        """Return the source."""
        return self._description().source

    def _description(self) -> ModelCard | ModelVersion:
        """Return the card of a model served today; else what the predictions remember of it."""
        card = MODEL_CARDS.get(self.name)
        if card is not None and card.version == self.version:
            return card
        return ModelVersion.objects.get(name=self.name, version=self.version)


def model_of(name: str, version: str) -> Model:
    """Return a model by name and version, which a prediction or a card vouches for."""
    return Model(
        id=global_id("Model", f"{name}@{version}"),
        name=name,
        version=version,
        is_default=_is_served(name, version) and name == DEFAULT_MODEL,
    )


def model_node(key: str) -> Model | None:
    """Return the model of a global id's key; None where there never was such a one."""
    name, _, version = key.rpartition("@")
    known = _is_served(name, version) or (
        "\x00" not in key and ModelVersion.objects.filter(name=name, version=version).exists()
    )
    return model_of(name, version) if known else None


def served_models() -> list[Model]:
    """Return the models that answer today."""
    return [model_of(card.name, card.version) for card in MODEL_CARDS.values()]


def served_model(name: str) -> Model | None:
    """Return the model of this name that answers today."""
    card = MODEL_CARDS.get(name)
    return model_of(card.name, card.version) if card else None


def _is_served(name: str, version: str) -> bool:
    return name in MODEL_CARDS and MODEL_CARDS[name].version == version
