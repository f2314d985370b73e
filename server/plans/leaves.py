"""How scalars and enums are told: most values are already in the form that is answered."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

LEAST_INT, MOST_INT = -(2**31), 2**31 - 1
_AS_THEY_ARE = {GraphQLString.name: str, GraphQLID.name: str, GraphQLBoolean.name: bool}

NoValue = Callable[[], object]  # what is told instead of None, or raised


class Leaf(NamedTuple):
    """How the values of a type are told."""

    as_it_is: type | None  # values of just this class are told as they are
    tell: Callable[[Any], Any]  # raises what graphql-core would


def leaf_of(leaf: GraphQLLeafType, encoded: Mapping[str, type], no_value: NoValue) -> Leaf:
    """Return how the values of a type are told.

    Args:
        leaf: the type.
        encoded: by the names of scalars, classes whose values the encoder of the answers writes as
            the scalar does.
        no_value: tells None.
    """
    coerce = leaf.coerce_output_value

    def slowly(value: object) -> object:
        if value is None:
            return no_value()
        if isinstance(value, Exception):
            raise value
        told = coerce(value)
        if told is None or told is Undefined:
            raise TypeError(f"{leaf} tells nothing of a value.")
        return told

    def integer(value: object) -> object:
        if type(value) is int and LEAST_INT <= value <= MOST_INT:
            return value
        return slowly(value)

    def number(value: object, is_finite: Callable[[float], bool] = math.isfinite) -> object:
        return value if type(value) is float and is_finite(value) else slowly(value)

    if leaf is GraphQLInt:
        return Leaf(None, integer)
    if leaf is GraphQLFloat:
        return Leaf(None, number)
    return Leaf((_AS_THEY_ARE | dict(encoded)).get(leaf.name), slowly)
