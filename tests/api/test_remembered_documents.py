"""A document is parsed and validated once, and what is remembered of documents is bounded."""

import json
from collections.abc import Callable

import pytest

from server.api import answering, document
from server.api.document import REMEMBERED_BYTES, REMEMBERED_DOCUMENTS
from server.api.document_limits import DOCUMENT_LIMITS
from server.api.http.request import MAX_NAME_CHARACTERS
from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send


def codes(text: str) -> list[str]:
    """Return the codes of a document's errors; none where it is executed."""
    answer = send("POST", json.dumps({"query": text}).encode())
    return error_codes(answer) if b'"errors"' in answer.content else []


def test_a_document_is_parsed_and_validated_once_however_often_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = {"parse": 0, "validate": 0}

    def counted(name: str) -> Callable[..., object]:
        original = getattr(document, name)

        def call(*arguments: object, **keywords: object) -> object:
            counts[name] += 1
            return original(*arguments, **keywords)

        return call

    for name in counts:
        monkeypatch.setattr(document, name, counted(name))
    text = "query ($name: String!) { onlyHere: model(name: $name) { name } }"

    for name in ("a", "b", "c"):
        send("POST", json.dumps({"query": text, "variables": {"name": name}}).encode())

    assert counts == {"parse": 1, "validate": 1}


def test_an_invalid_document_is_refused_again_from_memory_with_the_same_answer() -> None:
    body = json.dumps({"query": "{ thereIsNoSuchField }"}).encode()

    first, second = send("POST", body), send("POST", body)

    assert first.content == second.content
    assert error_codes(second) == ["GRAPHQL_VALIDATION_FAILED"]


def test_the_memory_for_documents_is_bounded() -> None:
    for number in range(REMEMBERED_DOCUMENTS + 20):
        codes(f"{{ a{number}: __typename }}")

    assert len(document._known) <= REMEMBERED_DOCUMENTS


def test_documents_are_remembered_by_their_weight() -> None:
    for number in range(REMEMBERED_DOCUMENTS - 20):
        codes(f"query Q{number} {{ {'models { name } ' * 240} }}")

    for remembered in (document._known, answering._plans):
        assert 0 < remembered.held_bytes <= REMEMBERED_BYTES
    assert len(document._known) < REMEMBERED_DOCUMENTS // 2


def test_a_document_that_is_too_long_is_not_looked_for() -> None:
    text = "{ viewer { id } }" + " " * DOCUMENT_LIMITS.characters
    assert codes(text) == ["COST_LIMIT_EXCEEDED"]

    assert text not in document._known._values
    assert (text, None) not in answering._plans._values


def test_a_name_that_no_operation_has_is_refused_before_it_is_looked_for() -> None:
    name = "a" * (MAX_NAME_CHARACTERS + 1)
    answer = send("POST", json.dumps({"query": "{ __typename }", "operationName": name}).encode())

    assert (answer.status_code, error_codes(answer)) == (400, ["BAD_USER_INPUT"])
    assert ("{ __typename }", name) not in answering._plans._values
