"""Models in the schema."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

import strawberry

from server.api.arguments import bounded
from server.api.context import Info
from server.api.node import Node, global_id
from server.classifier.card import DEFAULT_MODEL, MODEL_CARDS, ModelCard
from server.predictions.models import ModelVersion

MAX_LABELS = 1_000


class RememberedVersions:
    """What the predictions of a list remember of their models, read at once when asked for."""

    def __init__(self, keys: Iterable[int]) -> None:
        """Take the primary keys of the versions; nothing is read yet."""
        self._keys = set(keys)

    def named(self, name: str, version: str) -> ModelVersion:
        """Return one of the versions."""
        return self._rows[name, version]

    @cached_property
    def _rows(self) -> dict[tuple[str, str], ModelVersion]:
        rows = ModelVersion.objects.filter(pk__in=self._keys)
        return {(row.name, row.version): row for row in rows}


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
    versions: strawberry.Private[RememberedVersions]

    @strawberry.field(description="The labels it can answer with, in the order of its outputs.")
    def labels(
        self,
        info: Info,
        first: Annotated[
            int, strawberry.argument(description=f"How many, at most {MAX_LABELS}.")
        ] = 100,
    ) -> list[str]:
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
        return self.versions.named(self.name, self.version)


def model_of(name: str, version: str, versions: RememberedVersions) -> Model:
    """Return a model by name and version, which a card or one of the versions vouches for."""
    return Model(
        id=global_id("Model", f"{name}@{version}"),
        name=name,
        version=version,
        is_default=_is_served(name, version) and name == DEFAULT_MODEL,
        versions=versions,
    )


def model_node(key: str) -> Model | None:
    """Return the model of a global id's key; None where there never was such a one."""
    name, _, version = key.rpartition("@")
    if _is_served(name, version):
        return _of_card(MODEL_CARDS[name])
    if "\x00" in key:
        return None
    remembered = ModelVersion.objects.filter(name=name, version=version)
    primary_key = remembered.values_list("pk", flat=True).first()
    return model_of(name, version, RememberedVersions([primary_key])) if primary_key else None


def served_models() -> list[Model]:
    """Return the models that answer today."""
    return [_of_card(card) for card in MODEL_CARDS.values()]


def served_model(name: str) -> Model | None:
    """Return the model of this name that answers today."""
    card = MODEL_CARDS.get(name)
    return _of_card(card) if card else None


def _of_card(card: ModelCard) -> Model:
    return model_of(card.name, card.version, RememberedVersions([]))


def _is_served(name: str, version: str) -> bool:
    return name in MODEL_CARDS and MODEL_CARDS[name].version == version
