"""The attacker wants the processor: small documents that take long to check or to answer."""

import json
import time

import pytest
from graphql import get_introspection_query

from server.api import document
from server.api.context import MAX_ROWS_PER_REQUEST, ROWS_OF_A_COUNT
from server.api.document import MAX_VALIDATION_ERRORS
from server.api.document_limits import DOCUMENT_LIMITS
from tests.support.api import Api
from tests.support.http_requests import send

# Of the CPU time of the standard introspection, which GraphiQL sends and nobody minds: 30 ms here.
# The first two of the documents below took forty times as much before they were limited.
MAX_COST = 15


def many_fragments(body: str, count: int = DOCUMENT_LIMITS.fragments) -> str:
    spreads = " ".join(f"...F{number}" for number in range(count))
    fragments = " ".join(f"fragment F{number} on Query {{ {body} }}" for number in range(count))
    return f"{{ {spreads} }} {fragments}"


def times(text: str, count: int) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(count))


NESTED = "viewer { history { edges { node { label } } } } "
FILTERED = 'viewer { history(filter: {model: "a", label: "b"}) { totalCount } } '
ARGUMENT_TYPES = "a#: __schema { types { fields { args { type { name } } } } }"
FIELD_TYPES = "a#: type { name ofType { name } }"
WORST_DOCUMENTS = {
    "unknown members": f"{{ viewer {{ history(filter: {{ {times('a#: 1', 640)} }}) {{ id }} }} }}",
    "fragments in pairs": many_fragments("viewer { id } model(name: 1) { name }"),
    "fields in pairs": times("query Q# { " + NESTED * 60 + "}", 2),
    "arguments in pairs": f"{{ viewer {{ {times('history(first: #) { totalCount }', 140)} }} }}",
    "equal arguments": "{ " + FILTERED * 80 + "}",
    "unknown fields": f"{{ {times('unknown#', 300)} }}",
    "introspection by aliases": f"{{ {times(ARGUMENT_TYPES, 50)} }}",
    "types by aliases": f"{{ __schema {{ types {{ fields {{ {times(FIELD_TYPES, 50)} }} }} }} }}",
    "one fragment in many operations": times("query Q# { ...F0 }", 150)
    + " fragment F0 on Query { "
    + "__typename " * 300
    + "}",
}


def cpu_seconds(text: str) -> float:
    body = json.dumps({"query": text, "operationName": None}).encode()
    costs = []
    for _ in range(3):
        document._parsed.cache_clear()
        document._errors.cache_clear()
        started = time.thread_time()
        send("POST", body)
        costs.append(time.thread_time() - started)
    return min(costs)


@pytest.mark.django_db
@pytest.mark.parametrize("text", WORST_DOCUMENTS.values(), ids=WORST_DOCUMENTS)
def test_no_document_costs_much_more_than_the_standard_introspection(text: str) -> None:
    assert cpu_seconds(text) < MAX_COST * cpu_seconds(get_introspection_query())


def test_an_invalid_document_is_told_a_few_of_its_errors(api: Api) -> None:
    answer = api.execute(WORST_DOCUMENTS["unknown members"])

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
        "history(first: 100) { edges { node { id } } }",
    ],
)
def test_what_reads_much_can_not_be_had_by_fifty_aliases(alice: Api, field: str) -> None:
    fields = " ".join(field if position == 0 else f"a{position}: {field}" for position in range(50))

    answer = alice.execute(f"{{ viewer {{ {fields} }} }}")

    assert "COST_LIMIT_EXCEEDED" in answer.codes


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
