import json

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

VALID = json.dumps({"query": "{ __typename }"})
DEEP = 100_000


def post(body: bytes) -> HttpResponse:
    return send("POST", body)


UNREADABLE = {
    "empty": b"",
    "a word": b"abc",
    "a brace": b"{",
    "single quotes": b"{'query': '{ __typename }'}",
    "two objects": VALID.encode() * 2,
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "overlong UTF-8": b'{"query": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"query": "\xed\xa0\x80"}',
    "UTF-16": VALID.encode("utf-16"),
    "UTF-32": VALID.encode("utf-32"),
    "two byte order marks": b"\xef\xbb\xbf" * 2 + VALID.encode(),
    "a byte order mark within": b'{\xef\xbb\xbf"query": "{ __typename }"}',
    "NaN": b'{"query": "{ __typename }", "variables": {"x": NaN}}',
    "Infinity": b'{"query": "{ __typename }", "variables": {"x": -Infinity}}',
    "a raw NUL": b'{"query": "\x00"}',
    "an escaped NUL": rb'{"query": "{ __typename }", "variables": {"x": "\u0000"}}',
    "an escaped NUL in a name": rb'{"query": "{ __typename }", "variables": {"\u0000": 1}}',
    "a lone surrogate": rb'{"query": "{ __typename }", "variables": {"x": "\ud800"}}',
    "a lone surrogate in the document": rb'{"query": "{ __typename } # \udfff"}',
    "deep lists": b"[" * DEEP,
    "deep objects": b'{"a":' * DEEP,
    "deep variables": b'{"query": "{ __typename }", "variables": {"x":' + b"[" * DEEP,
    "deep closed lists": b'{"variables":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "an endless number": b'{"query": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_a_body_that_is_not_json_is_refused_as_bad_input(body: bytes) -> None:
    answer = post(body)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


NO_REQUESTS: dict[str, object] = {
    "null": None,
    "a number": 123,
    "a text": "x",
    "nothing in it": {},
    "no query": {"variables": {}},
    "query null": {"query": None},
    "query empty": {"query": ""},
    "query a number": {"query": 1},
    "query a list": {"query": ["{ __typename }"]},
    "query an object": {"query": {}},
    "query a truth": {"query": True},
    "variables a text": {"query": "{ __typename }", "variables": "{}"},
    "variables a list": {"query": "{ __typename }", "variables": []},
    "variables false": {"query": "{ __typename }", "variables": False},
    "operationName a number": {"query": "{ __typename }", "operationName": 0},
    "operationName a list": {"query": "{ __typename }", "operationName": []},
    "extensions a text": {"query": "{ __typename }", "extensions": "x"},
}


@pytest.mark.parametrize("request_body", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_json_that_is_no_request_is_refused_as_bad_input(request_body: object) -> None:
    answer = post(json.dumps(request_body).encode())

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_body_of_one_and_a_half_megabytes_of_variables_is_taken() -> None:
    variables = {f"name{number}": "x" * 100 for number in range(12_000)}
    body = json.dumps({"query": "{ __typename }", "variables": variables}).encode()

    answer = post(body)

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


def test_a_byte_order_mark_in_front_is_passed_over() -> None:
    answer = post(b"\xef\xbb\xbf" + VALID.encode())

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


def test_variables_of_moderate_depth_that_nothing_asks_for_are_taken() -> None:
    nested = b"[" * 200 + b"]" * 200
    answer = post(b'{"query": "{ __typename }", "variables": {"x": ' + nested + b"}}")

    assert answer.status_code == 200


def test_a_text_that_only_looks_like_an_escaped_nul_is_taken() -> None:
    body = {"query": "{ __typename }", "variables": {"path": r"C:\u0000", "é": "\u00e9"}}

    answer = post(json.dumps(body).encode())

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
REQUEST_MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "query": JSON_VALUES
        | st.sampled_from(["{ __typename }", "mutation { logOut { __typename } }", "{ nothing }"])
        | st.text(alphabet='{}()[]$:!@|&="\\ \n.#ab0-9uqn', max_size=60),
        "variables": JSON_VALUES,
        "operationName": JSON_VALUES,
        "extensions": JSON_VALUES,
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary(max_size=80))
@example(body=b"\x00")
def test_whatever_bytes_are_sent_the_answer_is_a_coded_refusal(body: bytes) -> None:
    answer = post(body)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.django_db
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(members=REQUEST_MEMBERS)
def test_whatever_json_is_sent_the_answer_is_data_or_coded_errors(
    members: dict[str, object],
) -> None:
    answer = post(json.dumps(members).encode())

    assert answer.status_code in {200, 400, 405}
    if "errors" in json.loads(answer.content):
        assert "INTERNAL_SERVER_ERROR" not in error_codes(answer)
