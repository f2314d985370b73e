"""The arguments of a field, as its resolver gets them."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLObjectType, Undefined
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types import get_object_definition
from strawberry.types.arguments import convert_arguments

from server.api.compiled.selection import Field
from server.api.schema import schema


def arguments_of(
    resolvers: type, type_name: str, field: Field
) -> Callable[[VariableValues], dict[str, Any]]:
    """Return what gives the arguments of a field once the variables are known.

    It raises the `GraphQLError` that the executor would.

    Args:
        resolvers: the class that has the resolver.
        type_name: the type in the schema whose field it is.
        field: what the document asks for; its name is one word, the same here and in the schema.
    """
    in_graphql = schema._schema.get_type(type_name)  # noqa: SLF001 - graphql-core's own
    resolved = get_object_definition(resolvers, strict=True).get_field(field.name)
    assert isinstance(in_graphql, GraphQLObjectType)  # noqa: S101 - both are in the schema
    assert resolved is not None  # noqa: S101
    in_schema, node = in_graphql.fields[field.name], field.nodes[0]
    named = {argument.name.value for argument in node.arguments or ()}
    has_default = {
        name for name, argument in in_schema.args.items() if argument.default_value is not Undefined
    }
    arguments = [
        argument
        for argument in resolved.arguments
        if schema.config.name_converter.from_argument(argument) in named | has_default
    ]
    return lambda variables: convert_arguments(
        get_argument_values(in_schema, node, variables),
        arguments,
        scalar_registry=schema.schema_converter.scalar_registry,
        config=schema.config,
    )
