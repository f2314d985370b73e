"""A small schema that has all there is of GraphQL: unions, interfaces, gaps, failures."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any

import strawberry
from graphql import GraphQLError


@strawberry.enum
class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Leaf(Named):
    weight: float
    count: int
    colour: Colour | None

    @strawberry.field
    def fails(self) -> str:
        raise RuntimeError("a leaf fails")

    @strawberry.field
    def may_fail(self) -> str | None:
        raise GraphQLError("a leaf may fail")


@strawberry.type
class Branch(Named):
    leaves: list[Leaf]

    @strawberry.field
    def gaps(self) -> list[Leaf | None]:
        return [*self.leaves, None]

    @strawberry.field
    def wrongly_empty(self) -> list[Leaf]:
        return [None]  # type: ignore[list-item]

    @strawberry.field
    def no_list(self) -> list[int] | None:
        return 7  # type: ignore[return-value]

    @strawberry.field
    def wrong_number(self) -> int | None:
        return 2**40

    @strawberry.field
    def returned_error(self) -> str | None:
        return ValueError("returned")  # type: ignore[return-value]

    @strawberry.field
    def first(self, info: strawberry.Info, size: int = 1, other: str | None = None) -> list[Leaf]:
        info.context.calls.append((self.name, size, other))
        return self.leaves[:size]

    @strawberry.field
    def matrix(self) -> list[list[int | None]]:
        return [[1, None], []]


Thing = Annotated[Leaf | Branch, strawberry.union("Thing")]


@strawberry.input
class Wish:
    colours: list[Colour]
    name: str = "a"
    deeper: "Wish | None" = None


@dataclass
class Context:
    calls: list[Any] = field(default_factory=list)


LEAVES = [
    Leaf(name="a", weight=0.5, count=1, colour=Colour.RED),
    Leaf(name="b", weight=float("nan"), count=2, colour=None),
]
BRANCH = Branch(name="branch", leaves=LEAVES)


@strawberry.type
class Query:
    @strawberry.field
    def branch(self) -> Branch | None:
        return BRANCH

    @strawberry.field
    def sure_branch(self) -> Branch:
        return BRANCH

    @strawberry.field
    def named(self) -> list[Named]:
        return [LEAVES[0], BRANCH]

    @strawberry.field
    def things(self) -> list[Thing]:
        return [BRANCH, *LEAVES]

    @strawberry.field
    def wished(self, wish: Wish, colour: Colour = Colour.BLUE) -> str:
        return f"{wish} {colour}"

    @strawberry.field
    def where(self, info: strawberry.Info) -> str:
        return str(info.path.as_list())

    @strawberry.field
    def selected(self, info: strawberry.Info) -> str:
        return f"{info.field_name} {len(info.selected_fields)} {info.variable_values}"

    @strawberry.field
    async def later(self) -> str:
        return "later"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def grow(self, info: strawberry.Info, name: str) -> Leaf | None:
        info.context.calls.append(name)
        if name == "weed":
            raise RuntimeError("a weed")
        return Leaf(name=name, weight=1, count=1, colour=None)

    @strawberry.mutation
    def must_grow(self, info: strawberry.Info, name: str) -> Leaf:
        info.context.calls.append(name)
        if name == "weed":
            raise RuntimeError("a weed")
        return Leaf(name=name, weight=1, count=1, colour=None)


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, types=[Leaf, Branch])
