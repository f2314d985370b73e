"""Models in the schema; not in `models.py`, which Django reads before it knows all tables."""

from collections.abc import Collection
from functools import lru_cache
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import Parent, auto

from server.accounts.models import User
from server.api.arguments import size_of
from server.api.context import Info
from server.api.node import Node, id_of_row
from server.classifier.card import ModelCard
from server.predictions.models import ModelVersion
from server.predictions.served import served

MAX_LABELS = 1_000
DEFAULT_LABELS = 100
REMEMBERED_VERSIONS = 64
_DESCRIBED_BY = ["id", "name", "version"]


@strawberry_django.type(
    ModelVersion,
    description="A version of an image classifier: what it knows, and where it is from.",
)
class Model(Node):
    """A version of a classifier, served today or remembered by a prediction.

    What describes it is told from the card of a model that is served: labels are a long column.
    """

    id: strawberry.ID = id_of_row(
        "Model", lambda version: f"{version.name}@{version.version}", ["name", "version"]
    )
    name: auto = strawberry_django.field(description="The name to ask for in `predict`.")
    version: auto = strawberry_django.field(
        description="Changes whenever an answer could: weights, labels or preprocessing."
    )

    @strawberry_django.field(
        only=["name", "version"],
        description="Whether `predict` uses it when no model is named.",
    )
    @staticmethod
    def is_default(root: Parent[ModelVersion]) -> bool:
        """Return whether it is the default model."""
        default = served().default
        return (root.name, root.version) == (default.name, default.version)

    @strawberry_django.field(
        only=_DESCRIBED_BY,
        description="The labels it can answer with, in the order of its outputs.",
    )
    @staticmethod
    def labels(
        root: Parent[ModelVersion],
        info: Info,
        first: Annotated[
            int | None, strawberry.argument(description=f"How many, at most {MAX_LABELS}.")
        ] = DEFAULT_LABELS,
    ) -> list[str]:
        """Return the first labels; at most 1,000."""
        size = size_of("first", first, default=DEFAULT_LABELS, maximum=MAX_LABELS)
        info.context.row_budget.spend(size)
        return list(_description(root).labels[:size])

    @strawberry_django.field(only=_DESCRIBED_BY, description="How many labels it can answer with.")
    @staticmethod
    def label_count(root: Parent[ModelVersion]) -> int:
        """Return the number of labels."""
        return len(_description(root).labels)

    @strawberry_django.field(
        only=["name", "version"],
        description=(
            "Whether classifiers can be taught on it, and the photos that it has looked at be "
            "compared (`similar`) and read again (`readAs`): it answers today, by an embedding."
        ),
    )
    @staticmethod
    def is_teachable(root: Parent[ModelVersion]) -> bool:
        """Return whether it has an embedding."""
        card = served().of_version(root.name, root.version)
        return card is not None and card.embedding_size is not None

    @strawberry_django.field(
        only=["name", "version"],
        description="Whether it tells where in a photo a label comes from (`heatMap`).",
    )
    @staticmethod
    def has_heat_maps(root: Parent[ModelVersion]) -> bool:
        """Return whether its embedding is the mean of a map."""
        card = served().of_version(root.name, root.version)
        return card is not None and card.has_feature_map

    @strawberry_django.field(
        only=_DESCRIBED_BY,
        description="The license of its weights, as an SPDX identifier.",
    )
    @staticmethod
    def license(root: Parent[ModelVersion]) -> str:
        """Return the license."""
        return _description(root).license

    @strawberry_django.field(only=_DESCRIBED_BY, description="Where its weights come from.")
    @staticmethod
    def source(root: Parent[ModelVersion]) -> str:
        """Return the source."""
        return _description(root).source


def model_nodes(keys: Collection[str], viewer: User | None) -> dict[str, ModelVersion]:
    """Return the models of global ids' keys by these, but for those that there never were.

    One that somebody taught is the viewer's, or it is none.
    """
    found: dict[str, ModelVersion] = {}
    others = Q()
    for key in keys:
        name, _, version = key.rpartition("@")
        card = served().of_version(name, version)
        if card is not None:
            found[key] = _of_card(card)
        elif "\x00" not in key:
            others |= Q(name=name, version=version)
    if others:
        for row in ModelVersion.objects.filter(others, Q(owner=None) | Q(owner=viewer)):
            found[f"{row.name}@{row.version}"] = row
    return found


def served_models() -> list[ModelVersion]:
    """Return the models that answer today."""
    return [_of_card(card) for card in served()]


def served_model(name: str) -> ModelVersion | None:
    """Return the model of this name that answers today."""
    card = served().get(name)
    return _of_card(card) if card else None


def _of_card(card: ModelCard) -> ModelVersion:
    return ModelVersion(name=card.name, version=card.version)


def _description(version: ModelVersion) -> ModelCard | ModelVersion:
    """Return the card of a model served today; else what the predictions remember of it."""
    return served().of_version(version.name, version.version) or _remembered(version.pk)


@lru_cache(maxsize=REMEMBERED_VERSIONS)
def _remembered(key: int) -> ModelVersion:
    """Return a version that is served no more; no row of them ever changes."""
    return ModelVersion.objects.get(pk=key)
