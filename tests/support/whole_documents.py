"""Documents that ask for everything a schema has."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

UPLOAD = "upload"  # a variable: files are sent beside a document


def whole_documents(schema: GraphQLSchema) -> Iterator[str]:
    """Yield a document for each root field, with all there is below it that is not a circle."""
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        assert root is not None
        for name in root.fields:
            text = f"{{ {whole(schema, root, name, ())} }}"
            variables = f"(${UPLOAD}: Upload!)" if f"${UPLOAD}" in text else ""
            yield f"{kind} {variables} {text}"


def whole(
    schema: GraphQLSchema, of_type: GraphQLObjectType, name: str, above: tuple[str, ...]
) -> str:
    """Return a field with all there is below it."""
    in_schema = of_type.fields[name]
    named = get_named_type(in_schema.type)
    given = [
        f"{argument}: {literal(each.type)}"
        for argument, each in in_schema.args.items()
        if is_required_argument(each)
    ]
    arguments = f"({', '.join(given)})" if given else ""
    if is_leaf_type(named):
        return f"{name}{arguments}"
    if named.name in above:  # a circle
        return f"{name}{arguments} {{ __typename }}"
    parts = ["__typename"]
    for each in schema.get_possible_types(named) if is_abstract_type(named) else [named]:
        alias = f"{each.name}_{{}}: " if is_abstract_type(named) else ""
        fields = [
            alias.format(field) + whole(schema, each, field, (*above, each.name))
            for field, below in each.fields.items()
            if is_leaf_type(get_named_type(below.type)) or len(above) < 7
        ]
        parts.append(f"... on {each.name} {{ __typename {' '.join(fields)} }}")
    return f"{name}{arguments} {{ {' '.join(parts)} }}"


def literal(of_type: GraphQLInputType) -> str:
    """Return something of a type."""
    named = get_named_type(of_type)
    if is_list_type(get_nullable_type(of_type)):
        return "[]"
    if isinstance(named, GraphQLEnumType):
        return next(iter(named.values))
    if isinstance(named, GraphQLInputObjectType):
        fields = named.fields.items()
        chosen = list(fields)[-1:] if named.is_one_of else fields
        given = ", ".join(
            f"{key}: {literal(each.type)}"
            for key, each in chosen
            if named.is_one_of or is_required_input_field(each)
        )
        return f"{{ {given} }}"
    literals = {"Int": "1", "Float": "1", "Boolean": "true", "Upload": f"${UPLOAD}"}
    return literals.get(named.name, '"a"')
