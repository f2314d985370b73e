"""Random documents over a whole schema: its fields, with fragments, directives and variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
MAX_DEPTH = 6


@dataclass
class Documents:
    """Makes documents of a schema; `samples` are the values of arguments and input fields by name.

    A name that has none gets a small number, a short text, one of an enum.
    """

    schema: GraphQLSchema
    random: Random
    samples: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    _definitions: list[str] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)
    _aliases: int = 0

    def query(self) -> tuple[str, dict[str, Any]]:
        """Return a query and its variables."""
        assert self.schema.query_type
        return self._document("query", self._selection(self.schema.query_type, 0))

    def mutation(self, names: Sequence[str]) -> tuple[str, dict[str, Any]]:
        """Return a mutation of some of these root fields, and its variables."""
        root = self.schema.mutation_type
        assert root
        chosen = self.random.sample(list(names), k=min(len(names), self.random.randint(1, 3)))
        fields = [self._field(root, name, 0) for name in chosen]
        return self._document("mutation", "{ " + " ".join(fields) + " }")

    def _document(self, kind: str, selection: str) -> tuple[str, dict[str, Any]]:
        variables = f"({', '.join(self._definitions)})" if self._definitions else ""
        text = " ".join([f"{kind} Random{variables} {selection}", *self._fragments])
        return text, self.variables

    def _selection(self, of_type: Composite, depth: int) -> str:
        names = [] if isinstance(of_type, GraphQLUnionType) else list(of_type.fields)
        if depth >= MAX_DEPTH:
            names = [n for n in names if is_leaf_type(get_named_type(of_type.fields[n].type))]  # type: ignore[union-attr]
        chosen = self.random.sample(names, k=min(len(names), self.random.randint(1, 5)))
        parts = [self._field(of_type, name, depth) for name in chosen]  # type: ignore[arg-type]
        parts.append("__typename" if self.random.random() < 0.2 or not parts else "")
        if chosen and self.random.random() < 0.2:  # the same once more, to be merged
            parts.append(parts[0])
        if depth < MAX_DEPTH and not isinstance(of_type, GraphQLObjectType):
            possible = self.schema.get_possible_types(of_type)
            parts += [
                f"... on {each.name} {self._selection(each, depth + 1)}"
                for each in possible
                if self.random.random() < 0.6
            ]
        return self._wrapped(of_type, " ".join(part for part in parts if part))

    def _wrapped(self, of_type: Composite, fields: str) -> str:
        form = self.random.random()
        if form < 0.1:
            return f"{{ ... on {of_type.name} {{ {fields} }} __typename }}"
        if form < 0.2:
            return f"{{ ...{self._condition()} {{ {fields} }} __typename }}"
        if form < 0.3:
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {of_type.name} {{ {fields} }}")
            return f"{{ ...{name}{self._condition()} __typename }}"
        return f"{{ {fields} }}"

    def _field(
        self, of_type: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int
    ) -> str:
        in_schema = of_type.fields[name]
        given = {
            argument: self._value(argument, each)
            for argument, each in in_schema.args.items()
            if is_required_argument(each) or self.random.random() < 0.5
        }
        arguments = ", ".join(f"{argument}: {text}" for argument, text in given.items())
        alias = ""
        if given or self.random.random() < 0.1:  # with other arguments it is another field
            self._aliases += 1
            alias = f"a{self._aliases}: "
        named = get_named_type(in_schema.type)
        below = f" {self._selection(named, depth + 1)}" if is_composite_type(named) else ""
        called = f"({arguments})" if arguments else ""
        return f"{alias}{name}{called}{self._condition()}{below}"

    def _condition(self) -> str:
        if self.random.random() > 0.06:
            return ""
        directive = self.random.choice(["skip", "include"])
        if self.random.random() < 0.3:
            return f" @{directive}(if: true)"
        return f" @{directive}(if: {self._variable('Boolean!', self.random.random() < 0.5)})"

    def _value(self, name: str, argument: GraphQLArgument) -> str:
        """Return a value as a variable: what it may be is then told in JSON."""
        return self._variable(str(argument.type), self._sample(name, argument.type))

    def _variable(self, type_name: str, value: object) -> str:
        name = f"v{len(self.variables)}"
        self._definitions.append(f"${name}: {type_name}")
        self.variables[name] = value
        return f"${name}"

    def _sample(self, name: str, of_type: GraphQLInputType) -> Any:  # noqa: ANN401 - any JSON
        is_required = is_non_null_type(of_type)
        inner = of_type.of_type if is_non_null_type(of_type) else of_type
        if name in self.samples:
            allowed = [s for s in self.samples[name] if s is not None or not is_required]
            return self.random.choice(allowed)
        if not is_required and self.random.random() < 0.3:
            return None
        if is_list_type(inner):
            return [self._sample(name, inner.of_type) for _ in range(self.random.randint(0, 3))]
        if isinstance(inner, GraphQLEnumType):
            return self.random.choice(list(inner.values))
        if isinstance(inner, GraphQLInputObjectType):
            fields = inner.fields.items()
            if inner.is_one_of:
                fields = [self.random.choice(list(fields))]  # type: ignore[assignment]
            return {
                key: self._sample(key, each.type)
                for key, each in fields
                if inner.is_one_of or is_non_null_type(each.type) or self.random.random() < 0.5
            }
        return {
            "Int": self.random.randint(-1, 12),
            "Float": self.random.choice([0, 0.25, 0.5, 1, 2]),
            "Boolean": self.random.random() < 0.5,
        }.get(str(inner), self.random.choice(["", "a", "nonsense", "lynx"]))
