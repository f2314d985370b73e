"""From what a field is to what is told of it, by the field's type: as graphql-core completes it."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import inspect, is_iterable

from server.plans.insides import Place, resolve_info
from server.plans.leaves import Leaf, NoValue, leaf_of
from server.plans.running import Run, Tell, is_located, located

Below = Callable[[GraphQLObjectType], tuple[Tell, bool]]  # and whether they are plain rows


def completing(type_: GraphQLOutputType, place: Place, below: Below) -> Tell:
    """Return what tells a value of a type, which is null or None where it may be.

    Args:
        type_: of the field, or of the items of its list.
        place: where the document asks for the field.
        below: tells the objects of a type.
    """
    no_value = no_value_of(type_, place)
    if is_non_null_type(type_):
        type_ = type_.of_type
    if is_list_type(type_):
        item = completing(type_.of_type, place, below)
        if not is_non_null_type(type_.of_type):
            item = _with_gaps(item, place)
        return _list(item, place, no_value)
    if is_leaf_type(type_):
        return _leaf(leaf_of(type_, place.operation.encoded, no_value))
    if is_abstract_type(type_):
        return _abstract(type_, place, below, no_value)
    return _object(cast("GraphQLObjectType", type_), place, below, no_value)


def no_value_of(type_: GraphQLOutputType, place: Place) -> NoValue:
    """Return what tells None: null, or it raises where that must not be."""
    return partial(_refuse_null, place) if is_non_null_type(type_) else _null


def _refuse_null(place: Place) -> None:
    raise TypeError(f"Cannot return null for non-nullable field {place.parent}.{place.name}.")


def _null() -> object:
    return None


def _leaf(leaf: Leaf) -> Tell:
    as_it_is, tell_value = leaf
    return lambda value, _run: value if type(value) is as_it_is else tell_value(value)


def _list(item: Tell, place: Place, no_value: NoValue) -> Tell:
    def tell(found: object, run: Run) -> object:
        if found is None:
            return no_value()
        items = found if type(found) is list else _listed(found, place)
        path = run.path
        told: list[object] = []
        path.append(told)
        try:
            for each in items:
                told.append(item(each, run))  # noqa: PERF401 - its length is where the next is
        except Exception as error:
            if is_located(error):
                raise
            raise located(error, place.nodes, path) from error
        finally:
            path.pop()
        return told

    return tell


def _with_gaps(item: Tell, place: Place) -> Tell:
    """Return what tells an item of a list that is null where it fails."""

    def tell(value: object, run: Run) -> object:
        try:
            return item(value, run)
        except Exception as error:  # noqa: BLE001 - whatever a resolver raises is told
            run.catch(error, place.nodes)
            return None

    return tell


def _listed(found: object, place: Place) -> list[Any]:
    if isinstance(found, Exception):
        raise found
    if not is_iterable(found):
        raise GraphQLError(
            f"Expected Iterable, but did not find one for field '{place.parent}.{place.name}'."
        )
    return list(found)


def _object(type_: GraphQLObjectType, place: Place, below: Below, no_value: NoValue) -> Tell:
    tell_fields, is_row = below(type_)
    if is_row and no_value is not _null:
        return tell_fields
    if is_row:
        return lambda value, run: None if value is None else tell_fields(value, run)
    is_type_of = type_.is_type_of

    def tell(value: object, run: Run) -> object:
        if value is None:
            return no_value()
        if isinstance(value, Exception):
            raise value
        if is_type_of is not None and not is_type_of(value, resolve_info(run, place)):
            message = f"Expected value of type '{type_}' but got: {inspect(value)}."
            raise GraphQLError(message, place.nodes)
        return tell_fields(value, run)

    return tell


def _abstract(type_: GraphQLAbstractType, place: Place, below: Below, no_value: NoValue) -> Tell:
    possible = place.operation.schema.get_possible_types(type_)
    tells = {each.name: _object(each, place, below, no_value) for each in possible}
    resolve_type = type_.resolve_type

    def tell(value: object, run: Run) -> object:
        if value is None:
            return no_value()
        if isinstance(value, Exception):
            raise value
        name = resolve_type(value, resolve_info(run, place), type_) if resolve_type else None
        if name not in tells:
            raise GraphQLError(f"'{type_}' can't be a {inspect(name)}.", place.nodes)
        return tells[name](value, run)

    return tell
