"""The fields of a selection, with its fragments taken apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

NODE_TYPES = {"User", "Prediction", "Model"}  # those compiled selections know


class NotCompilable(Exception):
    """The document is the executor's."""

    because: str | None = None  # where it is to be counted


class Guarded(NotCompilable):
    """Somebody has put something around a field that compiled selections know nothing of."""

    because = "field"


@dataclass(frozen=True)
class Field:
    """What a document asks for under one key of the answer."""

    key: str
    nodes: list[FieldNode] = field(default_factory=list)  # several where a document repeats itself

    @property
    def name(self) -> str:
        """Return the name in the schema."""
        return self.nodes[0].name.value


@dataclass(frozen=True)
class Selection:
    """What is selected of an object; the document it is from has been validated."""

    type_name: str
    sets: Sequence[SelectionSetNode]
    fragments: Mapping[str, FragmentDefinitionNode]

    def fields(self) -> list[Field]:
        """Return the fields in the order of the answer.

        Raises:
            NotCompilable: there is a directive, whose effect may depend on variables.
        """
        fields: dict[str, Field] = {}
        for node in self._nodes(self.sets):
            key = (node.alias or node.name).value
            fields.setdefault(key, Field(key)).nodes.append(node)
        return list(fields.values())

    def below(self, field: Field, type_name: str) -> "Selection":
        """Return what is selected of a field's object."""
        sets = [node.selection_set for node in field.nodes if node.selection_set]
        return Selection(type_name, sets, self.fragments)

    def _nodes(self, sets: Sequence[SelectionSetNode]) -> Iterator[FieldNode]:
        for selected in (node for selection_set in sets for node in selection_set.selections):
            if selected.directives:
                raise NotCompilable
            if isinstance(selected, FieldNode):
                yield selected
            elif isinstance(selected, InlineFragmentNode):
                condition = selected.type_condition
                if condition is None or self._is(condition.name.value):
                    yield from self._nodes([selected.selection_set])
            elif isinstance(selected, FragmentSpreadNode):
                fragment = self.fragments[selected.name.value]
                if fragment.directives:
                    raise NotCompilable
                if self._is(fragment.type_condition.name.value):
                    yield from self._nodes([fragment.selection_set])

    def _is(self, type_name: str) -> bool:
        return type_name == self.type_name or (type_name == "Node" and self.type_name in NODE_TYPES)
