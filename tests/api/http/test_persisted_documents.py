"""A document that a client asks for by its hash alone, as persisted queries are."""

import json
from urllib.parse import urlencode

import pytest

from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

HASH = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}


@pytest.mark.parametrize("body", [{}, {"query": None}, {"query": ""}], ids=str)
def test_a_document_asked_for_by_its_hash_is_refused_in_the_words_clients_know(
    body: dict[str, object],
) -> None:
    asked = json.dumps(body | {"extensions": HASH}).encode()

    answers = {
        media_type: send("POST", asked, headers={"Accept": media_type})
        for media_type in ("application/json", "application/graphql-response+json")
    }

    for answer in answers.values():
        assert json.loads(answer.content) == {
            "errors": [
                {
                    "message": "PersistedQueryNotSupported",
                    "extensions": {"code": "PERSISTED_QUERY_NOT_SUPPORTED"},
                }
            ]
        }
    assert [answer.status_code for answer in answers.values()] == [200, 400]


def test_a_hash_by_get_is_refused_alike() -> None:
    answer = send("GET", query=urlencode({"extensions": json.dumps(HASH)}))

    assert error_codes(answer) == ["PERSISTED_QUERY_NOT_SUPPORTED"]


def test_a_document_with_its_hash_is_executed() -> None:
    answer = send("POST", json.dumps({"query": "{ __typename }", "extensions": HASH}).encode())

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}
