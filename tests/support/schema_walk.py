"""Fields and arguments, read off the schema, so that a new one can't be forgotten."""

from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)

from server.api.schema import schema

SHARED_NODES = {"Model"}  # models belong to nobody


def own_node_types() -> list[str]:
    node = schema._schema.type_map["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    implementations = schema._schema.get_implementations(node).objects
    return sorted({type_.name for type_ in implementations} - SHARED_NODES)


def arguments() -> Iterator[tuple[str, str, GraphQLArgument]]:
    for type_ in schema._schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for field_name, field in type_.fields.items():
                for name, argument in field.args.items():
                    yield f"{type_.name}.{field_name}", name, argument


def takes_an_id(type_: object) -> bool:
    """Whether a value of the type holds an ID, directly or in a field of an input object."""
    named: GraphQLNamedType = get_named_type(type_)  # type: ignore[call-overload]
    if isinstance(named, GraphQLInputObjectType):
        return any(takes_an_id(field.type) for field in named.fields.values())
    return named.name == "ID"


def selections(
    type_: GraphQLObjectType, above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Every field of the type that needs no argument, with everything that lies below it.

    What leads back to a type above is left out: there it is asked for already.
    """
    above |= {type_.name}
    for name, field in type_.fields.items():
        needs_arguments = any(is_required_argument(each) for each in field.args.values())
        named = get_named_type(field.type)
        if needs_arguments or named.name in above:
            continue
        if isinstance(named, GraphQLObjectType):
            below = " ".join(" ".join(each) for each in selections(named, above))
            yield name, f"{{ {below} }}"
        else:
            yield name, ""
