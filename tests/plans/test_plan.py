"""Plans of a schema that has all there is of GraphQL: they answer as the executor does."""

from random import Random
from threading import Barrier
from typing import Any

import orjson
import pytest
import strawberry
from graphql import GraphQLError, parse, validate
from graphql.execution.values import VariableValues
from strawberry import BasePermission
from strawberry.extensions import FieldExtension
from strawberry.schema_directive import Location
from strawberry.types import get_object_definition

from server.plans.errors import NotPlanned
from server.plans.plan import MAX_VARIANTS, Plan, plan_of
from server.plans.running import Tell
from tests.support.documents import Documents
from tests.support.schema_of_everything import SCHEMA, Context, Leaf
from tests.support.threads import at_once


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


def test_what_was_made_of_variables_serves_the_next_run_whoever_planned_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together, make = Barrier(2, timeout=10), Plan._planned

    def made_by_both(plan: Plan, variables: VariableValues) -> Tell:
        made = make(plan, variables)
        together.wait()
        return made

    monkeypatch.setattr(Plan, "_planned", made_by_both)
    plan = planned("query ($n: Int!) { branch { first(size: $n) { name } } }")
    variables = plan.variables({"n": 1})

    def first_run() -> dict[int, dict[str, Any]]:
        arguments: dict[int, dict[str, Any]] = {}
        plan.answer(Context(), variables, arguments)
        return arguments

    for kept in at_once([first_run, first_run]):
        plan.answer(Context(), variables, kept)
        assert len(kept) == 1
