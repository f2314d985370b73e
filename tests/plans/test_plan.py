"""Plans of a schema that has all there is of GraphQL: they answer as the executor does."""

from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Annotated, Any

import orjson
import pytest
import strawberry
from graphql import GraphQLError, parse, validate
from strawberry import BasePermission
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location
from strawberry.types import get_object_definition

from server.plans.errors import NotPlanned
from server.plans.plan import MAX_VARIANTS, Plan, plan_of
from tests.support.documents import Documents


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


def planned(text: str, schema: strawberry.Schema = SCHEMA) -> Plan:
    document = parse(text)
    assert validate(schema._schema, document) == []
    return plan_of(schema, document, None)


def told(data: object, errors: list[GraphQLError] | None, context: Context) -> bytes:
    formatted = [error.formatted for error in errors or ()]
    return orjson.dumps([data, formatted, context.calls], default=repr)


def both(text: str, variables: dict[str, Any] | None = None) -> tuple[bytes, bytes]:
    contexts = Context(), Context()
    expected = SCHEMA.execute_sync(text, variables, contexts[0])
    plan = planned(text)
    answer = plan.answer(contexts[1], plan.variables(variables or {}))
    return (
        told(expected.data, expected.errors, contexts[0]),
        told(answer.data, answer.errors, contexts[1]),
    )


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", logger="strawberry.execution")


@pytest.mark.parametrize("seed", range(5))
def test_a_random_query_is_answered_as_the_executor_does(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same documents each time
    answered = 0
    for _ in range(40):
        text, variables = Documents(SCHEMA._schema, chance, {"deeper": [None]}).query()
        is_for_plans = not any(f"{name} " in text for name in ("later", "where"))
        if is_for_plans and not validate(SCHEMA._schema, parse(text)):
            expected, answer = both(text, variables)
            assert answer == expected, text
            answered += 1
    assert answered >= 10


@pytest.mark.parametrize(
    "text",
    [
        "{ branch { leaves { fails } } sureBranch { name } }",
        "{ sureBranch { leaves { name fails } } branch { name } }",
        "{ branch { gaps { name mayFail } } other: branch { gaps { fails } } }",
        "{ branch { wronglyEmpty { name } } sureBranch { noList } }",
        "{ sureBranch { wronglyEmpty { name } } }",
        "{ branch { wrongNumber returnedError matrix } }",
        "{ branch { leaves { weight } } }",
        "{ things { __typename ... on Named { name } ... on Leaf { count } } named { name } }",
        '{ branch { a: first { name } b: first(size: 2, other: "x") { name } } }',
        "{ wished(wish: { colours: [RED, BLUE], deeper: { colours: [] } }) }",
        "{ selected }",
    ],
)
def test_errors_and_values_are_those_of_the_executor(text: str) -> None:
    expected, answer = both(text)
    assert answer == expected


@pytest.mark.parametrize("root", ["grow", "mustGrow"])
def test_each_mutation_is_executed_once_and_in_order_whatever_fails(root: str) -> None:
    fields = " ".join(f'm{n}: {root}(name: "{name}") {{ name }}' for n, name in enumerate("ab"))
    weed = f'w: {root}(name: "weed") {{ name }}'
    expected, answer = both(f"mutation {{ {fields} {weed} c: {fields[4:]} }}")
    assert answer == expected
    assert b'"weed"' in answer


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_what_is_selected_may_depend_on_variables(first: bool, second: bool) -> None:
    text = """query ($a: Boolean!, $b: Boolean! = true) {
      branch { name @skip(if: $a) ...F @include(if: $b) ... @skip(if: $b) { matrix } } }
    fragment F on Branch { leaves { name @include(if: $a) __typename } }"""
    expected, answer = both(text, {"a": first, "b": second})
    assert answer == expected


def test_conditions_beyond_a_number_are_the_executors() -> None:
    names = [f"v{number}" for number in range(5)]
    defined = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: __typename @skip(if: ${name})" for name in names)
    plan = planned(f"query ({defined}) {{ {fields} last: __typename }}")

    def answered(number: int) -> object:
        given = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        return plan.answer(Context(), plan.variables(given)).data

    for number in range(MAX_VARIANTS):
        assert answered(number)
    with pytest.raises(NotPlanned, match="conditions"):
        answered(MAX_VARIANTS)
    assert answered(0)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("{ __schema { types { name } } }", "introspection"),
        ("{ later }", "assumption"),
        ("{ where }", "information"),
    ],
)
def test_what_a_plan_does_not_know_is_the_executors(text: str, because: str) -> None:
    plan = planned(text)
    with pytest.raises(NotPlanned, match=because):
        plan.answer(Context(), plan.variables({}))


class Nobody(BasePermission):
    message = "Nobody may."

    def has_permission(self, *_asked: object, **_arguments: object) -> bool:
        return False


class Instead(FieldExtension):
    def resolve(self, *_asked: object, **_arguments: object) -> str:
        return "instead"


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
class Marked:
    """Something that somebody may obey."""


@pytest.fixture(params=["permission_classes", "extensions", "directives"])
def guarded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    guards: dict[str, object] = {
        "permission_classes": [Nobody],
        "extensions": [Instead()],
        "directives": [Marked()],
    }
    declared = get_object_definition(Leaf, strict=True).get_field("name")
    monkeypatch.setattr(declared, request.param, guards[request.param])
    return str(request.param)


def test_a_field_with_something_around_it_is_the_executors(guarded: str) -> None:
    plan = planned("{ things { ... on Leaf { name } } }")
    with pytest.raises(NotPlanned, match="field"):
        plan.answer(Context(), plan.variables({}))


def test_a_guard_is_found_before_a_mutation_is_executed(guarded: str) -> None:
    context = Context()
    plan = planned('mutation { grow(name: "a") { name } }')
    with pytest.raises(NotPlanned, match="field"):
        plan.answer(context, plan.variables({}))
    assert context.calls == []


def test_arguments_that_vary_are_converted_once_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.plans import arguments

    calls: list[object] = []
    convert = arguments.converted

    def counted(*given: Any) -> dict[str, Any]:  # noqa: ANN401 - as the original
        calls.append(given)
        return dict(convert(*given))

    monkeypatch.setattr(arguments, "converted", counted)
    text = "query ($n: Int!) { things { ... on Branch { first(size: $n) { name } } } }"
    plan = planned(text)
    plan.prepare(plan.variables({"n": 1}))
    calls.clear()
    for size in (1, 2):
        plan.answer(Context(), plan.variables({"n": size}))
    assert len(calls) == 2
