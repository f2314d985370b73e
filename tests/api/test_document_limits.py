import base64
import json
from collections.abc import Callable

import pytest
from graphql import get_introspection_query

from server.api import document_limits
from server.api.document_limits import DOCUMENT_LIMITS
from tests.support.api import Api
from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

FAR_BEYOND = 24  # fragments that each use the next one twice: 2**24 fields


def codes(text: str) -> list[str]:
    """Return the codes of a document's errors; none where it is executed."""
    answer = send("POST", json.dumps({"query": text}).encode())
    return error_codes(answer) if b'"errors"' in answer.content else []


def nested(depth: int) -> str:
    # Introspection has a limit of its own, so fields of our own types carry the depth.
    inner = "{ x }"
    for _ in range(depth - 2):
        inner = f"{{ x {inner} }}"
    return f"{{ viewer {inner} }}"


def fields(count: int) -> str:
    return "{ " + "__typename " * count + "}"


def aliases(count: int) -> str:
    return "{ " + " ".join(f"a{number}: __typename" for number in range(count)) + " }"


def directives(count: int) -> str:
    return "{ " + "__typename @skip(if: false) " * count + "}"


def mutations(count: int) -> str:
    log_outs = (f"a{number}: logOut {{ __typename }}" for number in range(count))
    return "mutation { " + " ".join(log_outs) + " }"


def tokens(count: int) -> str:
    # `query (`, `$a0:Int` and so on are four tokens each, `) { __typename }` is four.
    variables, rest = divmod(count - 6, 4)
    declared = " ".join(f"$a{number}:Int" for number in range(variables))
    return f"query ({declared}) {{ __typename {'__typename ' * rest}}}"


def characters(count: int) -> str:
    document_text = "{ __typename }"
    return document_text + "," * (count - len(document_text))


def fragments(count: int) -> str:
    """A document of that many fragments, each of which uses the next."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(count - 1))
    return f"{{ ...F0 }} {chain} fragment F{count - 1} on Query {{ __typename }}"


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (fields, DOCUMENT_LIMITS.fields),
        (aliases, DOCUMENT_LIMITS.aliases),
        (directives, DOCUMENT_LIMITS.directives),
        (mutations, DOCUMENT_LIMITS.root_mutation_fields),
        (characters, DOCUMENT_LIMITS.characters),
        (fragments, DOCUMENT_LIMITS.fragments),
        (nested, DOCUMENT_LIMITS.depth),
        (tokens, DOCUMENT_LIMITS.tokens),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.django_db
def test_a_document_at_a_limit_passes_it_and_one_beyond_is_refused(
    make: Callable[[int], str], limit: int
) -> None:
    assert "COST_LIMIT_EXCEEDED" not in codes(make(limit))
    assert codes(make(limit + 1)) == ["COST_LIMIT_EXCEEDED"]


def test_the_limits_say_what_is_exceeded() -> None:
    answer = send("POST", json.dumps({"query": fields(DOCUMENT_LIMITS.fields + 1)}).encode())

    [error] = json.loads(answer.content)["errors"]
    assert error["message"] == "The operation has more than 300 fields."


def test_a_document_beyond_a_limit_is_400_in_the_media_type_that_says_so() -> None:
    body = json.dumps({"query": aliases(DOCUMENT_LIMITS.aliases + 1)}).encode()

    answer = send("POST", body, headers={"Accept": "application/graphql-response+json"})

    assert answer.status_code == 400
    assert error_codes(answer) == ["COST_LIMIT_EXCEEDED"]


def doubling_fragments(count: int) -> str:
    definitions = [
        f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}"
        for number in range(count)
    ]
    return "{ ...F0 } " + " ".join([*definitions, f"fragment F{count} on Query {{ __typename }}"])


def test_fragments_that_double_are_looked_into_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    visits = 0
    original = document_limits._Sizes.of

    def counted(self: document_limits._Sizes, selection_set: object) -> object:
        nonlocal visits
        visits += 1
        return original(self, selection_set)  # type: ignore[arg-type]

    monkeypatch.setattr(document_limits._Sizes, "of", counted)

    assert codes(doubling_fragments(FAR_BEYOND)) == ["COST_LIMIT_EXCEEDED"]
    assert visits <= 2 * (FAR_BEYOND + 2)


def test_a_fragment_is_counted_at_every_use() -> None:
    fragment = "fragment F on Query { " + "__typename " * 100 + "}"

    assert codes("{ " + "...F " * 3 + "} " + fragment) == []
    assert codes("{ " + "...F " * 3 + "__typename } " + fragment) == ["COST_LIMIT_EXCEEDED"]


def test_what_an_unused_fragment_holds_is_limited_too() -> None:
    # Validation compares the fields of a fragment in pairs, used or not.
    fragment = "fragment F on Query { " + "__typename " * (DOCUMENT_LIMITS.fields + 1) + "}"

    assert codes("{ __typename } " + fragment) == ["COST_LIMIT_EXCEEDED"]


def test_a_long_chain_of_fragments_is_refused_and_crashes_nothing() -> None:
    assert codes(fragments(220)) == ["COST_LIMIT_EXCEEDED"]


@pytest.mark.parametrize(
    "cycle",
    [
        "fragment A on Query { ...A }",
        "fragment A on Query { ...B } fragment B on Query { ...A }",
        "fragment A on Query { ...B ...B } fragment B on Query { ...A ...A __typename }",
        "fragment A on Query { node(id: 1) { ... on Model { name } } ...A }",
    ],
)
def test_a_cycle_of_fragments_is_refused_by_validation(cycle: str) -> None:
    assert set(codes("{ ...A } " + cycle)) == {"GRAPHQL_VALIDATION_FAILED"}


def test_a_spread_of_a_fragment_that_is_not_there_is_refused_by_validation() -> None:
    assert codes("{ ...Missing }") == ["GRAPHQL_VALIDATION_FAILED"]


def introspection_loop(turns: int) -> str:
    return "{ __schema { types { " + "fields { type { " * turns + "name" + " } }" * turns + " } } }"


@pytest.mark.parametrize("turns", [3, 5])
def test_an_introspection_that_loops_is_refused(turns: int) -> None:
    assert codes(introspection_loop(turns)) == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"descriptions": False},
        {
            "specified_by_url": True,
            "directive_is_repeatable": True,
            "schema_description": True,
            "input_value_deprecation": True,
            "one_of": True,
        },
    ],
)
def test_the_standard_introspection_passes(options: dict[str, bool]) -> None:
    query = get_introspection_query(**options)  # type: ignore[arg-type]

    answer = send("POST", json.dumps({"query": query}).encode())

    assert json.loads(answer.content)["data"]["__schema"]["queryType"]["name"] == "Query"


DEEP_DOCUMENTS = {
    "selections": "{" * 1_900 + "a" + "}" * 1_900,
    "open selections": "{a" * 1_900,
    "inline fragments": "{" + "...{" * 1_900,
    "closed inline fragments": "{" + "...{" * 600 + "__typename" + "}" * 601,
    "lists": "{ model(name: " + "[" * 1_900 + "]" * 1_900 + ") { name } }",
    "objects": "{ model(name: " + "{a:" * 900 + "1" + "}" * 900 + ") { name } }",
    "a type of lists": "query ($a: " + "[" * 1_900 + "Int" + "]" * 1_900 + ") { __typename }",
}


@pytest.mark.parametrize("text", DEEP_DOCUMENTS.values(), ids=DEEP_DOCUMENTS)
def test_a_document_nested_too_deeply_is_refused(text: str) -> None:
    assert codes(text)[0] in {"GRAPHQL_PARSE_FAILED", "COST_LIMIT_EXCEEDED"}


@pytest.mark.parametrize("depth", [10, 50, 100, 150, 180, 190, 200])
@pytest.mark.parametrize("opening", ["[", "{a:"])
def test_a_literal_of_any_depth_is_refused_and_crashes_nothing(depth: int, opening: str) -> None:
    closing = {"[": "]", "{a:": "}"}[opening]
    text = f"{{ model(name: {opening * depth}1{closing * depth}) {{ name }} }}"

    assert set(codes(text)) <= {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}


@pytest.mark.parametrize("depth", [10, 40, 80, 120, 160, 190])
def test_inline_fragments_of_any_depth_crash_nothing(depth: int) -> None:
    text = "{" + "...{" * depth + "__typename" + "}" * depth + "}"

    assert set(codes(text)) <= {"GRAPHQL_PARSE_FAILED", "COST_LIMIT_EXCEEDED"}


def test_one_hundred_thousand_brackets_are_refused_by_their_number() -> None:
    assert codes("{" * 100_000) == ["COST_LIMIT_EXCEEDED"]


def test_a_photo_as_a_literal_is_refused_with_the_advice_to_use_variables(
    api: Api, cat: bytes
) -> None:
    photo = base64.b64encode(cat).decode()
    answer = api.execute(
        f'mutation {{ predict(input: {{image: {{base64: "{photo}"}}}}) {{ errors {{ code }} }} }}'
    )

    assert answer.codes == ["COST_LIMIT_EXCEEDED"]
    assert "variables" in answer.body["errors"][0]["message"]
