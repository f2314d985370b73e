"""The objects of an answer, each a function that tells the fields that a document selects."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple, cast

from graphql import (
    GraphQLObjectType,
    OperationType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
)

from server.plans.errors import NotPlanned
from server.plans.fields import (
    Attribute,
    attribute,
    getter_of_row,
    reading_object,
    reading_row,
    reading_same,
    telling,
    telling_attribute,
    telling_same,
)
from server.plans.insides import (
    Details,
    Operation,
    Place,
    attribute_getter,
    attribute_of,
    declared_field,
    declared_type,
    model_of,
    resolver_of,
)
from server.plans.rows import Columns, NotARow, Row
from server.plans.running import Read, Run, Tell, is_located, located

TYPENAME = "__typename"
ROWS_ARE = "rows_are"  # on a type: the type of the rows there are on what it tells of


def itself(root: Any) -> Any:  # noqa: ANN401 - whatever a field is of
    """Return the same object: the resolver of a field with further facts about it."""
    return root


@dataclass(frozen=True)
class Around:
    """Where an object is found: on a page of plain rows, in such a row, or elsewhere."""

    columns: Columns | None = None
    rows_are: type | None = None
    row: Row | None = None


ELSEWHERE = Around()
_NO_ATTRIBUTE = (None, None, None)


class Told(NamedTuple):
    """How a field is told, and by what alone, where that is an attribute that must not be null."""

    tell: Tell
    attribute: Attribute | None = None


def root_object(operation: Operation, root: GraphQLObjectType) -> Tell:
    """Return what tells the answer to an operation."""
    return _object(operation, root, operation.root_fields(root), ELSEWHERE)


def _object(
    operation: Operation, type_: GraphQLObjectType, grouped: Mapping[str, Details], around: Around
) -> Tell:
    fields = [
        (key, _field(operation, type_, key, details, around)) for key, details in grouped.items()
    ]
    nodes = {key: [each.node for each in details] for key, details in grouped.items()}
    # What is no more than an attribute is told without a call for it.
    tells = tuple((key, *(field.attribute or _NO_ATTRIBUTE), field.tell) for key, field in fields)

    def tell(source: object, run: Run) -> dict[str, object]:
        told = {}
        try:
            for key, get, as_it_is, tell_value, tell_field in tells:
                if get is None:
                    told[key] = tell_field(source, run)
                else:
                    value = get(source)
                    told[key] = value if type(value) is as_it_is else tell_value(value)
        except Exception as error:
            if is_located(error):
                raise
            raise located(error, nodes[key], run.path, key) from error
        return told

    return tell


def _field(
    operation: Operation, parent: GraphQLObjectType, key: str, details: Details, around: Around
) -> Told:
    nodes = [each.node for each in details]
    name = nodes[0].name.value
    if name == TYPENAME:
        return Told(lambda _source, _run: parent.name)
    if name not in parent.fields:
        raise NotPlanned("introspection")
    in_graphql = parent.fields[name]
    place = Place(operation, parent, in_graphql, declared_field(in_graphql), nodes)
    if around.row is not None:
        return _field_of_row(key, place, details, around.row)
    resolver = resolver_of(place.declared)
    get = attribute_getter(place.declared) if resolver is None else None
    if get is not None and is_leaf_type(get_nullable_type(in_graphql.type)):
        return _attribute(key, place, get)
    read = reading_object(place, resolver)
    if _has_rows(place):
        return Told(_page(key, place, details, read))
    return Told(telling(key, place, read, _below(place, details, around)))


def _attribute(key: str, place: Place, get: Callable[[Any], Any]) -> Told:
    read = attribute(place, get)
    is_required = is_non_null_type(place.in_graphql.type)
    return Told(telling_attribute(key, place, read), read if is_required else None)


def _field_of_row(key: str, place: Place, details: Details, row: Row) -> Told:
    resolver, named = resolver_of(place.declared), get_named_type(place.in_graphql.type)
    if resolver is None and is_leaf_type(get_nullable_type(place.in_graphql.type)):
        return _attribute(key, place, itemgetter(row.place(attribute_of(place.declared))))
    if resolver is not None and resolver.function is not itself:
        type_ = get_nullable_type(place.in_graphql.type)
        if is_object_type(type_) and model_of(declared_type(type_)) is row.model:
            read = reading_same(place, row, resolver)
            return Told(telling(key, place, read, _below(place, details, Around(row=row))))
        get = getter_of_row(place, row, resolver)
        if get is not None and is_leaf_type(type_):
            return _attribute(key, place, get)
        read = reading_row(place, row, resolver)
        if _has_rows(place):
            return Told(_page(key, place, details, read))
        return Told(telling(key, place, read, _below(place, details, ELSEWHERE)))
    model = model_of(declared_type(named)) if is_object_type(named) else None
    if model is None or (resolver is not None and model is not row.model):
        raise NotARow
    beyond = row if resolver is not None else row.beyond(attribute_of(place.declared), model)
    return Told(telling_same(key, place, _below(place, details, Around(row=beyond))))


def _below(
    place: Place, details: Details, around: Around
) -> Callable[[GraphQLObjectType], tuple[Tell, bool]]:
    operation = place.operation

    def below(type_: GraphQLObjectType) -> tuple[Tell, bool]:
        inside = around
        if around.columns is not None and declared_type(type_) is around.rows_are:
            inside = Around(row=Row(around.columns, around.columns.model))
        grouped = operation.fields(type_, details)
        return _object(operation, type_, grouped, inside), inside.row is not None

    return below


def _has_rows(place: Place) -> bool:
    """Whether there are rows on what a field gives; a mutation reads them as objects.

    What a mutation has done can't be left to the executor, where a column should be missing.
    """
    named = get_named_type(place.in_graphql.type)
    return (
        is_object_type(named)
        and hasattr(declared_type(named), ROWS_ARE)
        and place.operation.node.operation is OperationType.QUERY
    )


def _page(key: str, place: Place, details: Details, read: Read) -> Tell:
    """Return what tells of rows by their columns; of objects where those would not do."""
    named = cast("GraphQLObjectType", get_named_type(place.in_graphql.type))
    rows_are = getattr(declared_type(named), ROWS_ARE)
    model = model_of(rows_are)
    if model is not None:
        columns = Columns(model)
        around = Around(columns, rows_are)
        by_columns = _by_columns(read, columns)
        with suppress(NotARow):
            return telling(key, place, by_columns, _below(place, details, around))
    return telling(key, place, read, _below(place, details, ELSEWHERE))


def _by_columns(read: Read, columns: Columns) -> Read:
    names: list[tuple[str, ...]] = []  # all of them, once the whole document has been seen

    def by_columns(source: object, run: Run) -> object:
        if not names:
            names.append(tuple(columns.names))
        page: Any = read(source, run)
        return None if page is None else page.reading(names[0])

    return by_columns
