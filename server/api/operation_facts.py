"""Tells the log and the figures which operation a request executes."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

from server.observability.request_facts import facts

SEVERAL = "several"
INTROSPECTION = {"__schema": "introspection", "__type": "introspection"}


class Called(NamedTuple):
    """What an operation is called: by its root field, and by whoever sent it."""

    root: str
    name: str | None


class OperationFacts(SchemaExtension):
    """Notes the operation when it is about to be executed: it is valid by then.

    It is known by its root field, which is of the schema, because the name a client gives it could
    be anything; a request for several root fields is called `several`.
    """

    def on_execute(self) -> Iterator[None]:
        """Note the operation."""
        context = self.execution_context
        document = context.graphql_document
        operation = document and get_operation_ast(document, context._provided_operation_name)  # noqa: SLF001 - the name as it was sent
        if document and operation:
            note(called(document, operation))
        yield


def called(document: DocumentNode, operation: OperationDefinitionNode) -> Called:
    """Return what an operation of a valid document is called in the log and the figures."""
    names = {
        INTROSPECTION.get(name, name)
        for name in _root_fields(document, operation.selection_set.selections)
    }
    name = operation.name.value if operation.name else None
    return Called(names.pop() if len(names) == 1 else SEVERAL, name)


def note(operation: Called) -> None:
    """Tell the log and the figures."""
    request = facts()
    request.operation, request.operation_name = operation


def _root_fields(document: DocumentNode, selections: Iterable[SelectionNode]) -> Iterator[str]:
    for selection in selections:
        if isinstance(selection, FieldNode):
            yield selection.name.value
        elif isinstance(selection, InlineFragmentNode):
            yield from _root_fields(document, selection.selection_set.selections)
        elif isinstance(selection, FragmentSpreadNode):
            # No circle: the document is valid, and its limits bound how often one can be spread.
            fragment = _fragment(document, selection.name.value)
            yield from _root_fields(document, fragment.selection_set.selections)


def _fragment(document: DocumentNode, name: str) -> FragmentDefinitionNode:
    return next(
        definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode) and definition.name.value == name
    )
