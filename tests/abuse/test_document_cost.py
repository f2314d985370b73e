"""The attacker wants the processor: small documents that take long to check or to answer."""

import json
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import GraphQLSyntaxError, get_introspection_query, parse

from server.api.answering import forget_plans
from server.api.context import MAX_ROWS_PER_REQUEST, ROWS_OF_A_COUNT, ROWS_OF_A_SEARCH
from server.api.document import MAX_VALIDATION_ERRORS, forget_documents
from server.api.document_limits import DOCUMENT_LIMITS, limit_errors
from tests.support.api import Api
from tests.support.http_requests import send
from tests.support.stored import store_predictions, user_named

# Of the CPU time of the standard introspection, which GraphiQL sends and nobody minds: 21 ms here.
# The first of the documents below took sixty times as much before there were such limits.
MAX_COST = 12


def repeated(text: str, count: int) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(count))


def many_fragments(count: int) -> str:
    fragments = "fragment F# on Query { viewer { id } model(name: 1) { name } }"
    return f"{{ {repeated('...F#', count)} }} {repeated(fragments, count)}"


NESTED = "viewer { history { edges { node { label } } } }"
FILTERED = 'viewer { history(filter: {model: "a", label: "b"}) { totalCount } }'
ARGUMENT_TYPES = "a#: __schema { types { fields { args { type { name } } } } }"
FIELD_TYPES = "a#: type { name ofType { name } }"
OF_ONE_FRAGMENT = f"fragment F on Query {{ {'__typename ' * 300} }}"
# Each as large as the limits allow.
WORST_DOCUMENTS: dict[str, Callable[[int], str]] = {
    "unknown members": lambda n: (
        f"{{ viewer {{ history(filter: {{ {repeated('a#: 1', n)} }}) {{ totalCount }} }} }}"
    ),
    "fragments in pairs": many_fragments,
    "fields in pairs": lambda n: f"{{ {repeated(NESTED, n)} }}",
    "equal fields in pairs": lambda n: f"{{ {repeated('__typename', n)} }}",
    "arguments in pairs": lambda n: (
        f"{{ viewer {{ {repeated('history(first: #) { totalCount }', n)} }} }}"
    ),
    "equal arguments in pairs": lambda n: f"{{ {repeated(FILTERED, n)} }}",
    "unknown fields": lambda n: f"{{ {repeated('unknown#', n)} }}",
    "unknown fragments": lambda n: f"{{ {repeated('...F#', n)} }}",
    "introspection by aliases": lambda n: f"{{ {repeated(ARGUMENT_TYPES, n)} }}",
    "types by aliases": lambda n: (
        f"{{ __schema {{ types {{ fields {{ {repeated(FIELD_TYPES, n)} }} }} }} }}"
    ),
    "one fragment in many operations": lambda n: (
        f"{repeated('query Q# { ...F }', n)} {OF_ONE_FRAGMENT}"
    ),
}


def largest(make: Callable[[int], str]) -> str:
    """The largest document of its kind that is within the limits."""
    accepted, refused = 1, DOCUMENT_LIMITS.tokens
    while refused - accepted > 1:
        count = (accepted + refused) // 2
        if is_within_limits(make(count)):
            accepted = count
        else:
            refused = count
    assert accepted > 5
    return make(accepted)


def is_within_limits(text: str) -> bool:
    if len(text) > DOCUMENT_LIMITS.characters:
        return False
    try:
        parsed = parse(text, max_tokens=DOCUMENT_LIMITS.tokens)
    except GraphQLSyntaxError:
        return False
    return not limit_errors(parsed)


def cpu_seconds(text: str) -> float:
    # Of several operations the first: with a name the document is looked at to its end.
    body = json.dumps({"query": text, "operationName": "Q0" if "Q0" in text else None}).encode()
    costs = []
    for _ in range(3):
        forget_documents()
        forget_plans()
        started = time.thread_time()
        send("POST", body)
        costs.append(time.thread_time() - started)
    return min(costs)


@pytest.mark.django_db
@pytest.mark.parametrize("make", WORST_DOCUMENTS.values(), ids=WORST_DOCUMENTS)
def test_no_document_costs_much_more_than_the_standard_introspection(
    make: Callable[[int], str],
) -> None:
    assert cpu_seconds(largest(make)) < MAX_COST * cpu_seconds(get_introspection_query())


def test_an_invalid_document_is_told_a_few_of_its_errors(api: Api) -> None:
    answer = api.execute(largest(WORST_DOCUMENTS["unknown members"]))

    assert set(answer.codes) == {"GRAPHQL_VALIDATION_FAILED"}
    assert len(answer.codes) == MAX_VALIDATION_ERRORS + 1  # the last says that there are more
    assert len(answer.http.content) < 20_000


@pytest.mark.parametrize(
    "field",
    [
        "statistics { total }",
        "statistics { byModel { count } }",
        "statistics { byLabel(first: 0) { count } }",
        "statistics { perDay(last: 0) { count } }",
        "history(first: 0) { totalCount }",
        "apiTokens { id }",
        'history(first: 0, filter: {model: "none"}) { edges { cursor } }',
        "history(last: 0, filter: {minConfidence: 1}) { edges { cursor } }",
        'history(first: 0, filter: {label: "none"}, orderBy: MOST_CONFIDENT) { edges { cursor } }',
        "history(first: 100) { edges { node { id } } }",
    ],
)
def test_what_reads_much_can_not_be_had_by_fifty_aliases(alice: Api, field: str) -> None:
    fields = " ".join(field if position == 0 else f"a{position}: {field}" for position in range(50))

    answer = alice.execute(f"{{ viewer {{ {fields} }} }}")

    assert "COST_LIMIT_EXCEEDED" in answer.codes


MOST_SEARCHES = MAX_ROWS_PER_REQUEST // ROWS_OF_A_SEARCH
SEARCH = 'history(first: 0, filter: {model: "none"}) { edges { cursor } }'
LOOK_BACK = "history(first: 0, after: $after, filter: {minConfidence: 1})"


@pytest.mark.parametrize(
    "field",
    [SEARCH, f"{SEARCH[:-1]} totalCount }}", f"{LOOK_BACK} {{ pageInfo {{ hasPreviousPage }} }}"],
)
@pytest.mark.parametrize("is_one_viewer", [True, False])
def test_a_request_looks_through_a_history_a_few_times_at_most(
    alice: Api, field: str, is_one_viewer: bool
) -> None:
    store_predictions(user_named("alice@example.org"), [{}, {}])
    first = alice.execute("{ viewer { history(first: 1) { pageInfo { endCursor } } } }")
    after = first.data["viewer"]["history"]["pageInfo"]["endCursor"]
    if is_one_viewer:
        fields = " ".join(f"h{n}: {field}" for n in range(25))
        fields = f"viewer {{ {fields} }}"
    else:
        fields = " ".join(f"v{n}: viewer {{ {field} }}" for n in range(25))
    document = f"query ($after: String) {{ {fields} }}" if "$" in field else f"{{ {fields} }}"

    with CaptureQueriesContext(connection) as captured:
        answer = alice.execute(document, after=after)

    assert set(answer.codes) == {"COST_LIMIT_EXCEEDED"}
    searches = [each for each in captured.captured_queries if "predictions" in each["sql"]]
    assert 0 < len(searches) <= MOST_SEARCHES


def test_what_an_index_finds_is_no_search(alice: Api) -> None:
    fields = " ".join(
        f'a{n}: history(first: 5, filter: {{label: "{n}"}}) {{ edges {{ cursor }} }}'
        for n in range(40)
    )

    assert alice.execute(f"{{ viewer {{ {fields} }} }}").codes == []


def test_the_same_under_aliases_of_the_viewer(alice: Api) -> None:
    fields = " ".join(f"v{n}: viewer {{ statistics {{ total }} }}" for n in range(50))

    assert alice.execute(f"{{ {fields} }}").codes[0] == "COST_LIMIT_EXCEEDED"


def test_a_page_with_everything_a_client_shows_fits_well(alice: Api) -> None:
    answer = alice.execute(
        "{ viewer { history(first: 100) { totalCount edges { node { id } } }"
        " statistics { total byLabel { count } byModel { count } perDay { count } }"
        " apiTokens { id } quota { used } } }"
    )

    assert answer.codes == []


def test_an_answer_made_large_by_sizes_in_variables_is_refused(alice: Api) -> None:
    fields = " ".join(
        f"a{n}: history(first: $n) {{ edges {{ node {{ id }} }} }}" for n in range(40)
    )

    answer = alice.execute(f"query ($n: Int!) {{ viewer {{ {fields} }} }}", n=100)

    assert answer.codes[0] == "COST_LIMIT_EXCEEDED"


def test_a_count_is_reckoned_as_more_than_a_page() -> None:
    assert MAX_ROWS_PER_REQUEST // ROWS_OF_A_COUNT == 10
