"""From what is selected of a prediction to the columns that need reading, and a row's answer.

The members of each object stand here once more, beside their types in `server.api.predictions`:
tests compare what both make of random selections.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from graphql import GraphQLObjectType, VariableNode
from graphql.execution.values import get_argument_values
from strawberry.types import get_object_definition

from server.api.compiled.selection import Field, Guarded, NotCompilable, Selection
from server.api.model import Model
from server.api.node import global_id
from server.api.predictions.types import crop_path
from server.api.schema import schema
from server.predictions.models import ModelVersion
from server.predictions.services import STORED_SCORES

REMEMBERED_MODELS = 64

Renderer = Callable[[Any], Any]  # from what an object is made of, such as a row


class Columns:
    """The columns that a page has to read, each once."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def at(self, name: str) -> int:
        """Return the place of a column in a row, from now on at the latest."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)


Member = Callable[[Selection, Field, Columns], Renderer]


def object_renderer(
    selection: Selection, columns: Columns, members: Mapping[str, Member]
) -> Renderer:
    """Return what makes a source into the answer about an object.

    Raises:
        NotCompilable: something is selected that is none of the members, or is guarded.
    """
    renderers = []
    for field in selection.fields():
        if field.name == "__typename":
            renderers.append((field.key, _constant(selection.type_name)))
        elif field.name in members:
            require_plain(selection.type_name, field.name)
            renderers.append((field.key, members[field.name](selection, field, columns)))
        else:
            raise NotCompilable
    return lambda source: {key: render(source) for key, render in renderers}


def require_plain(type_name: str, name: str) -> None:
    """Refuse a field that is more than its resolver: one with permissions or other extensions.

    Raises:
        Guarded: it has some, or a directive, which are the executor's to obey.
    """
    field = schema.get_field_for_type(name, type_name)
    if field is None or field.permission_classes or field.extensions or field.directives:
        raise Guarded


def prediction_renderer(selection: Selection, columns: Columns) -> Renderer:
    """Return what makes a row into the answer about a prediction."""
    return object_renderer(selection, columns, _PREDICTION)


def _constant(value: object) -> Renderer:
    return lambda _row: value


def _column(name: str) -> Member:
    return lambda _selection, _field, columns: itemgetter(columns.at(name))


def _from_column(name: str, tell: Callable[[Any], object]) -> Member:
    def member(_selection: Selection, _field: Field, columns: Columns) -> Renderer:
        at = columns.at(name)
        return lambda row: tell(row[at])

    return member


def _object(type_name: str, members: Mapping[str, Member]) -> Member:
    def member(selection: Selection, field: Field, columns: Columns) -> Renderer:
        return object_renderer(selection.below(field, type_name), columns, members)

    return member


def _prediction_id(key: int) -> str:
    return global_id("Prediction", key)


@lru_cache(maxsize=REMEMBERED_MODELS)
def _model(name: str, version: str) -> ModelVersion:
    return ModelVersion(name=name, version=version)


def _of_model(attribute: str) -> Member:
    declared = get_object_definition(Model, strict=True).get_field(attribute)
    tell: Renderer = attrgetter(attribute)
    if declared is not None and declared.base_resolver is not None:
        tell = declared.base_resolver.__call__

    def member(_selection: Selection, _field: Field, columns: Columns) -> Renderer:
        name, version = columns.at("model_name"), columns.at("model_version")
        return lambda row: tell(_model(row[name], row[version]))

    return member


def _scores(selection: Selection, field: Field, columns: Columns) -> Renderer:
    at = columns.at("scores")
    node = field.nodes[0]
    if any(isinstance(argument.value, VariableNode) for argument in node.arguments or ()):
        raise NotCompilable
    prediction = schema._schema.get_type(selection.type_name)  # noqa: SLF001 - graphql-core's own schema
    assert isinstance(prediction, GraphQLObjectType)  # noqa: S101 - it is of a validated document
    size = get_argument_values(prediction.fields[field.name], node)["first"]
    if size is None or not 0 <= size <= STORED_SCORES:
        raise NotCompilable
    render = object_renderer(selection.below(field, "Score"), Columns(), _SCORE)
    return lambda row: [render(score) for score in orjson.loads(row[at])[:size]]


_SCORE: dict[str, Member] = {
    "label": lambda *_: itemgetter(0),
    "probability": lambda *_: itemgetter(1),
}
_IMAGE: dict[str, Member] = {
    "width": _column("image_width"),
    "height": _column("image_height"),
    "format": _column("image_format"),
    "bytes": _column("image_bytes"),
    "sha256": _column("image_sha256"),
    "url": _from_column("id", crop_path),
}
_MODEL: dict[str, Member] = {
    "id": _of_model("id"),
    "name": _of_model("name"),
    "version": _of_model("version"),
    "isDefault": _of_model("is_default"),
}
_PREDICTION: dict[str, Member] = {
    "id": _from_column("id", _prediction_id),
    "createdAt": _column("created_at"),
    "label": _column("label"),
    "confidence": _column("confidence"),
    "durationMs": _column("duration_ms"),
    "scores": _scores,
    "image": _object("PredictionImage", _IMAGE),
    "model": _object("Model", _MODEL),
}
