"""How long what stands in the variables may be, asked before graphql-core tells what is wrong.

It compares an unknown name with every known one, to say which may have been meant. For a name of
thirteen megabytes, a member of an input or the value of an enum, that took a second and 400 MiB.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    get_named_type,
    is_input_object_type,
    type_from_ast,
)

from server.api.document_limits import DOCUMENT_LIMITS
from server.api.errors import BadUserInput

# Of the name of a member, and of every value but a `String`: what a document could hold.
MAX_CHARACTERS = DOCUMENT_LIMITS.characters


def check_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> None:
    """Refuse what is too long to be anything. A `String` is bounded by what it is for.

    Raises:
        BadUserInput: something is.
    """
    waiting = [
        (variables[name], type_from_ast(schema, definition.type))
        for definition in operation.variable_definitions or ()
        if (name := definition.variable.name.value) in variables
    ]
    while waiting:
        value, type_ = waiting.pop()
        named = get_named_type(type_)
        if isinstance(value, list):
            waiting += [(item, named) for item in value]
        elif isinstance(value, dict) and is_input_object_type(named):
            for name, member in value.items():
                _check(name, f"The name of a member of {named}")
                if name in named.fields:
                    waiting.append((member, named.fields[name].type))
        elif isinstance(value, str) and named is not GraphQLString:
            _check(value, f"A value of {named}")


def _check(text: str, what: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise BadUserInput(f"{what} has at most {MAX_CHARACTERS:,} characters.")
