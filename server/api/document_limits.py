"""How large a document may be, counted before anything else is done with it.

Fragments are counted at every use, but looked into only once: the counts of a fragment are
remembered, so a document whose fragments nest a million million fields is refused in the time it
takes to read it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
)

from server.api.errors import CostLimitExceeded


@dataclass(frozen=True)
class DocumentLimits:
    """What a document may hold at most.

    GraphiQL's introspection has to fit: depth 15, 250 fields. Validation compares fields in pairs,
    and fragments too, so twice as many would cost four times the time. What these let through has
    been measured to cost at most a fifth of a second of a core.
    """

    characters: int = 20_000
    tokens: int = 1_000
    fragments: int = 50
    depth: int = 16
    fields: int = 300
    aliases: int = 50
    directives: int = 50
    root_mutation_fields: int = 5


DOCUMENT_LIMITS = DocumentLimits()

_Definition = OperationDefinitionNode | FragmentDefinitionNode


@dataclass(frozen=True)
class _Size:
    """What a selection holds, with all its fragments."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0

    def __add__(self, other: "_Size") -> "_Size":
        """Return the size of two selections side by side."""
        return _Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.root_fields + other.root_fields,
        )


def limit_errors(document: DocumentNode) -> list[GraphQLError]:
    """Return one error for each limit that an operation of the document exceeds.

    Where none does, the fragments are judged by themselves, since validation looks into them even
    where they are not used.
    """
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    if len(fragments) > DOCUMENT_LIMITS.fragments:
        return [_error(f"The document has more than {DOCUMENT_LIMITS.fragments} fragments.")]
    sizes = _Sizes(document)
    return _errors_of(OperationDefinitionNode, document, sizes) or _errors_of(
        FragmentDefinitionNode, document, sizes
    )


def _errors_of(
    kind: type[_Definition], document: DocumentNode, sizes: "_Sizes"
) -> list[GraphQLError]:
    return [
        _error(message, definition)
        for definition in document.definitions
        if isinstance(definition, kind)
        for message in _exceeded(definition, sizes)
    ]


def _error(message: str, definition: _Definition | None = None) -> GraphQLError:
    return GraphQLError(message, definition, extensions={"code": CostLimitExceeded.code})


def _exceeded(definition: _Definition, sizes: "_Sizes") -> Iterator[str]:
    what = "operation" if isinstance(definition, OperationDefinitionNode) else "fragment"
    directives = _Size(directives=len(definition.directives or ()))
    size = sizes.of(definition.selection_set) + directives
    limits = DOCUMENT_LIMITS
    for things, found, limit in (
        ("levels of nesting", size.depth, limits.depth),
        ("fields", size.fields, limits.fields),
        ("aliases", size.aliases, limits.aliases),
        ("directives", size.directives, limits.directives),
        (
            "mutations",
            size.root_fields if _is_mutation(definition) else 0,
            limits.root_mutation_fields,
        ),
    ):
        if found > limit:
            yield f"The {what} has more than {limit} {things}."


def _is_mutation(definition: _Definition) -> bool:
    return (
        isinstance(definition, OperationDefinitionNode)
        and definition.operation is OperationType.MUTATION
    )


class _Sizes:
    """The sizes of the selections of one document."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._of_fragments: dict[str, _Size] = {}

    def of(self, selection_set: SelectionSetNode) -> _Size:
        total = _Size()
        for selection in selection_set.selections:
            total += self._of_selection(selection)
        return total

    def _of_selection(self, selection: SelectionNode) -> _Size:
        directives = _Size(directives=len(selection.directives or ()))
        if isinstance(selection, FragmentSpreadNode):
            return directives + self._of_fragment(selection.name.value)
        inner = getattr(selection, "selection_set", None)
        size = directives + (self.of(inner) if inner else _Size())
        if not isinstance(selection, FieldNode):
            return size
        aliases = size.aliases + (selection.alias is not None)
        return _Size(size.depth + 1, size.fields + 1, aliases, size.directives, root_fields=1)

    def _of_fragment(self, name: str) -> _Size:
        if name not in self._of_fragments:
            # In a cycle the fragment meets itself as nothing; validation refuses it later.
            self._of_fragments[name] = _Size()
            fragment = self._fragments.get(name)
            if fragment is not None:
                self._of_fragments[name] = self.of(fragment.selection_set)
        return self._of_fragments[name]
