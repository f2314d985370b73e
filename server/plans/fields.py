"""What reads a field of an object, and what tells it: functions around the declared resolvers."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, cast

from graphql import (
    GraphQLLeafType,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)

from server.plans.arguments import arguments_of_run, constant_arguments
from server.plans.completing import Below, completing, no_value_of
from server.plans.errors import NotPlanned
from server.plans.insides import (
    Place,
    PlannedInfo,
    Resolver,
    attribute_getter,
    hints_of,
    read_by_library,
    settled,
)
from server.plans.leaves import Leaf, leaf_of
from server.plans.rows import Row
from server.plans.running import Read, Run, Tell


def reading_object(place: Place, resolver: Resolver | None) -> Read:
    """Return what reads a field of an object."""
    if resolver is None:
        get = attribute_getter(place.declared)
        if get is None:
            return lambda source, run: read_by_library(place, source, run)
        return lambda source, _run: get(source)
    read = _calling(place, resolver)
    if not is_list_type(get_nullable_type(place.in_graphql.type)):
        return read

    def settle(source: object, run: Run) -> object:
        found = read(source, run)
        return found if type(found) is list else settled(place, found, run)

    return settle


def getter_of_row(place: Place, row: Row, resolver: Resolver) -> Callable[[Any], Any] | None:
    """Return what reads a field of a row whose resolver takes nothing else; None of another.

    Raises:
        NotARow: it names no columns.
    """
    view, function = row.view(hints_of(place.declared)), _calling_with_source_alone(place, resolver)
    return None if function is None else lambda source: function(view(source))


def reading_row(place: Place, row: Row, resolver: Resolver) -> Read:
    """Return what reads a field of a row: its resolver, on the columns that the field names.

    Raises:
        NotARow: it names none.
    """
    get = getter_of_row(place, row, resolver)
    if get is not None:
        return lambda source, _run: get(source)
    view, read = row.view(hints_of(place.declared)), _calling(place, resolver)
    return lambda source, run: read(view(source), run)


def reading_same(place: Place, row: Row, resolver: Resolver) -> Read:
    """Return what reads a field of a row that is the same row, or null.

    Raises:
        NotARow: it names no columns.
    """
    view, read = row.view(hints_of(place.declared)), _calling(place, resolver)

    def same(source: Any, run: Run) -> object:  # noqa: ANN401 - a plain row
        given = view(source)
        found = read(given, run)
        if found is None:
            return None
        if found is not given:
            raise NotPlanned("hint")
        return source

    return same


def telling(key: str, place: Place, read: Read, below: Below) -> Tell:
    """Return what tells a field under a key of the answer."""
    type_ = place.in_graphql.type
    if is_leaf_type(get_nullable_type(type_)):
        tell = _telling_leaf(place, read)
    else:
        tell = _telling_below(key, read, completing(type_, place, below))
    return tell if is_non_null_type(type_) else _or_null(tell, place, key)


def telling_same(key: str, place: Place, below: Below) -> Tell:
    """Return what tells a field that is another view of the same row."""
    complete = completing(place.in_graphql.type, place, below)

    def tell(source: object, run: Run) -> object:
        path = run.path
        path.append(key)
        try:
            return complete(source, run)
        finally:
            path.pop()

    return tell if is_non_null_type(place.in_graphql.type) else _or_null(tell, place, key)


class Attribute(NamedTuple):
    """A scalar of an object that takes nothing else: read by one function, told by another."""

    get: Callable[[Any], Any]
    as_it_is: type | None  # values of just this class are told as they are
    tell: Callable[[Any], Any]


def attribute(place: Place, get: Callable[[Any], Any]) -> Attribute:
    """Return the attribute of a field, which is a column of a row or of a plain object."""
    return Attribute(get, *_leaf(place))


def telling_attribute(key: str, place: Place, attribute: Attribute) -> Tell:
    """Return what tells an attribute."""
    get, as_it_is, tell_value = attribute

    def tell(source: object, _run: Run) -> object:
        value = get(source)
        return value if type(value) is as_it_is else tell_value(value)

    return tell if is_non_null_type(place.in_graphql.type) else _or_null(tell, place, key)


def _leaf(place: Place) -> Leaf:
    type_ = cast("GraphQLLeafType", get_nullable_type(place.in_graphql.type))
    no_value = no_value_of(place.in_graphql.type, place)
    return leaf_of(type_, place.operation.encoded, no_value)


def _telling_leaf(place: Place, read: Read) -> Tell:
    as_it_is, tell_value = _leaf(place)

    def tell(source: object, run: Run) -> object:
        value = read(source, run)
        return value if type(value) is as_it_is else tell_value(value)

    return tell


def _telling_below(key: str, read: Read, complete: Tell) -> Tell:
    def tell(source: object, run: Run) -> object:
        value = read(source, run)
        path = run.path
        path.append(key)
        try:
            return complete(value, run)
        finally:
            path.pop()

    return tell


def _or_null(tell: Tell, place: Place, key: str) -> Tell:
    def tell_or_null(source: object, run: Run) -> object:
        try:
            return tell(source, run)
        except Exception as error:  # noqa: BLE001 - whatever a resolver raises is told
            run.catch(error, place.nodes, key)
            return None

    return tell_or_null


def _calling_with_source_alone(place: Place, resolver: Resolver) -> Callable[[Any], Any] | None:
    """Return what calls a resolver that takes nothing which is of the request."""
    constant = constant_arguments(place)
    takes_more = resolver.info_name or resolver.source_names or not resolver.takes_source_first
    if constant is None or takes_more:
        return None
    return partial(resolver.function, **constant) if constant else resolver.function


def _calling(place: Place, resolver: Resolver) -> Read:
    """Return what calls a resolver as it is declared."""
    function = _calling_with_source_alone(place, resolver)
    if function is not None:
        return lambda source, _run: function(source)
    constant, arguments = constant_arguments(place), arguments_of_run(place)

    def read(source: object, run: Run) -> object:
        keywords = dict(arguments(run) if constant is None else constant)
        for name in resolver.source_names:
            keywords[name] = source
        if resolver.info_name is not None:
            keywords[resolver.info_name] = PlannedInfo(run, place)
        if resolver.takes_source_first:
            return resolver.function(source, **keywords)
        return resolver.function(**keywords)

    return read
