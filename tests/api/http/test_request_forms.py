"""Methods, media types, lengths and addresses."""

import json
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

TYPENAME = b'{"query": "{ __typename }"}'
LOG_OUT = "mutation { logOut { errors { code } } }"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_than_get_and_post_are_refused(method: str) -> None:
    answer = send(method, TYPENAME)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_head_is_refused_without_a_body() -> None:
    answer = send("HEAD")

    assert answer.status_code == 405
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.content == b""


def test_a_mutation_by_get_is_refused() -> None:
    answer = send("GET", query=urlencode({"query": LOG_OUT}))

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST"
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_query_by_get_is_answered() -> None:
    parameters = {
        "query": "query Named($name: String!) { model(name: $name) { name } }",
        "variables": '{"name": "nobody"}',
        "operationName": "Named",
        "extensions": "{}",
    }

    answer = send("GET", query=urlencode(parameters))

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"data": {"model": None}}


ADDRESSES = {
    "nothing": "",
    "an empty query": "query=",
    "variables that are no JSON": urlencode({"query": "{ __typename }", "variables": "{"}),
    "variables that are a list": urlencode({"query": "{ __typename }", "variables": "[]"}),
    "extensions that are a text": urlencode({"query": "{ __typename }", "extensions": '"x"'}),
    "deep variables": urlencode({"query": "{ __typename }", "variables": "[" * 5_000}),
    "many parameters": "query={__typename}" + "&x=1" * 20,
    "many empty parameters": "a&" * 4_000 + "query={__typename}",
    "an escaped NUL": urlencode({"query": "{ __typename }", "variables": r'{"x": "\u0000"}'}),
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_is_no_request_is_refused(address: str) -> None:
    answer = send("GET", query=address)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_an_address_in_invalid_utf8_gets_a_coded_error() -> None:
    answer = send("GET", query="query=%ff%fe%00&variables={}")

    assert error_codes(answer) == ["GRAPHQL_PARSE_FAILED"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "application/xml",
        "application/jsonp",
        "json",
        "application/json, text/plain",
        ";",
        "\u00e9",
    ],
)
def test_other_media_types_are_refused(content_type: str | None) -> None:
    answer = send("POST", TYPENAME, content_type=content_type)

    assert answer.status_code == 415
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "APPLICATION/JSON",
        "application/json; charset=hex",
    ],
)
def test_json_is_taken_however_its_media_type_is_written(content_type: str) -> None:
    answer = send("POST", TYPENAME, content_type=content_type)

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    ("accept", "answered_with"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json",
        ),
        ("application/json;q=0.1, application/graphql-response+json;q=0.1", "application/json"),
        ("application/json;q=nonsense", "application/json"),
        ("application/json;q=nan", "application/json"),
        ("application/json, text/html;q=0.1", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("application/json;charset=UTF-8;version=1", "application/json"),
        ('application/json; profile="a;q=0"', "application/json"),
        (
            "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
            "application/graphql-response+json",
        ),
        (
            "application/json; charset=utf-8; q=0.5, application/graphql-response+json; q=0.9",
            "application/graphql-response+json",
        ),
        ("text/plain; q=1, application/json; Q=0.1; charset=utf-8", "application/json"),
    ],
)
def test_the_answer_has_the_media_type_that_is_preferred(
    accept: str | None, answered_with: str
) -> None:
    headers = {} if accept is None else {"Accept": accept}

    for answer in (
        send("POST", TYPENAME, headers=headers),
        send("GET", query="query={__typename}", headers=headers),
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"{answered_with}; charset=utf-8"
        assert "Accept" in answer.headers["Vary"]
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        "application/xml",
        "text/plain, image/png",
        ",",
        "json",
        "application/json;q=0",
        "application/json; charset=utf-8; q=0",
        "a," * 600 + "application/json",  # longer than anybody's, and not read
    ],
)
def test_a_client_that_takes_neither_media_type_gets_406(accept: str) -> None:
    answer = send("POST", TYPENAME, headers={"Accept": accept})

    assert answer.status_code == 406
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_browser_that_opens_the_address_gets_the_playground() -> None:
    browser = "text/html,application/xhtml+xml,application/xml;v=b3;q=0.9,*/*;q=0.8"

    answer = send("GET", headers={"Accept": browser})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("length", ["", "-1", "+5", "1e3", "ten", "٣", "²"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    answer = send("POST", TYPENAME, length=length)

    assert answer.status_code == 411
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("length", [settings.MAX_REQUEST_BYTES + 1, 10**18, "9" * 5_000])
def test_a_length_beyond_the_limit_is_refused_before_the_body_is_read(length: object) -> None:
    answer = send("POST", TYPENAME, length=str(length))

    assert answer.status_code == 413
    assert error_codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Basic YTpi", "Bearer tt_nonsense", "tt_x", "Bearer \u00e9", "é"],
)
def test_an_authorization_that_is_no_token_of_ours_is_401_with_a_challenge(
    authorization: str,
) -> None:
    answer = send("POST", TYPENAME, headers={"Authorization": authorization})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert error_codes(answer) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize(
    "cookie",
    [
        r'sessionid="aaaaaaaa\000"',
        "sessionid=" + "x" * 4_000,
        "sessionid=\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
        "csrftoken=\u00e9; sessionid=",
        ";;==; =; sessionid",
    ],
)
@pytest.mark.django_db
def test_a_cookie_of_nonsense_is_no_session_and_no_crash(cookie: str) -> None:
    answer = send("GET", query="query={viewer{id}}", headers={"Cookie": cookie})

    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert json.loads(answer.content) == {"data": {"viewer": None}}
    else:
        assert error_codes(answer) == ["BAD_USER_INPUT"]


OPERATIONS = {
    "no operation of this name": ("query A { __typename }", "B"),
    "two operations and no name": ("query A { __typename } query B { __typename }", None),
    "two operations and an empty name": ("query A { __typename } query B { __typename }", ""),
    "a name where the operation has none": ("{ __typename }", "A"),
    "only a fragment": ("fragment F on Query { __typename }", None),
    "a type definition": ("type A { b: Int }", None),
    "a subscription": ("subscription { predicted }", None),
}


@pytest.mark.parametrize(("document", "name"), OPERATIONS.values(), ids=OPERATIONS)
def test_a_document_without_the_operation_asked_for_is_refused(
    document: str, name: str | None
) -> None:
    body = json.dumps({"query": document, "operationName": name}).encode()

    answer = send("POST", body, headers={"Accept": "application/graphql-response+json"})

    assert answer.status_code == 400
    assert set(error_codes(answer)) <= {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}


def test_the_named_one_of_two_operations_is_executed() -> None:
    document = "query A { a: __typename } query B { b: __typename }"

    answer = send("POST", json.dumps({"query": document, "operationName": "B"}).encode())

    assert json.loads(answer.content) == {"data": {"b": "Query"}}


@pytest.mark.parametrize("path", ["/graphql/", "/graphql"])
def test_the_address_is_the_same_with_and_without_a_slash(path: str) -> None:
    answer = send("POST", TYPENAME, path=path)

    assert answer.status_code == 200
