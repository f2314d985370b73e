"""Pages that the event loop answers itself: what Django would answer, or Django, and only once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from server.accounts.models import ApiToken, User
from server.front.messages import Answer
from server.front.pages import MAX_BODY_BYTES
from tests.support.asked_pages import PAGE, Asked, body_of

pytestmark = pytest.mark.django_db(transaction=True)


def told(answer: Answer) -> tuple[int, dict[bytes, bytes], bytes]:
    return answer.status, dict(answer.headers), answer.body


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
@pytest.mark.parametrize("filters", [None, {"minConfidence": 0.1}, {"label": "label 3"}])
def test_the_answer_is_djangos_header_by_header(
    asked: Asked, accept: str, filters: dict[str, object] | None
) -> None:
    received = asked.received(body_of(filter=filters), accept=accept)
    answer = asked.connected(received)

    assert told(answer) == told(asked.django(received))
    assert json.loads(answer.body)["data"]["viewer"]["history"]["edges"]


def test_a_long_answer_is_packed_as_djangos_is(asked: Asked) -> None:
    for accepted in ("gzip", "br", "gzip, deflate, br", "zstd", "br;q=0"):
        received = asked.received(body_of(5), accept_encoding=accepted)
        answer = asked.connected(received)

        assert told(answer) == told(asked.django(received))
        is_packed = accepted not in {"zstd", "br;q=0"}
        assert (b"Content-Encoding" in dict(answer.headers)) == is_packed
        assert (b"label 4" in answer.body) != is_packed


def test_pages_follow_one_another(asked: Asked) -> None:
    first = json.loads(asked.connected().body)["data"]["viewer"]["history"]
    after = first["pageInfo"]["endCursor"]
    second = asked.ask(asked.received(body_of(after=after)))
    assert second is not None
    labels = [
        edge["node"]["label"]
        for page in (first, json.loads(second.body)["data"]["viewer"]["history"])
        for edge in page["edges"]
    ]
    assert labels == ["label 4", "label 3", "label 2", "label 1"]


def test_a_document_is_djangos_until_it_was_called_twice(asked: Asked) -> None:
    asked.connected()
    other = asked.received(body_of(document=PAGE.replace("query Page", "query Other")))
    assert asked.ask(other) is None
    asked.django(other)
    assert asked.ask(other) is None
    asked.django(other)
    assert asked.ask(other) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://elsewhere.example"},
        {"content_encoding": "gzip"},
        {"content_type": "text/plain"},
        {"authorization": None},
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer tt_nonsense"},
        {"accept": "text/html"},
        {"host": "two hosts"},
        {"path": b"/graphql/"},
        {"body": b"[]"},
        {"body": b"{"},
        {"body": b""},
        {"body": b'{"query": "' + b" " * MAX_BODY_BYTES + b'{ viewer { id } }"}'},
        {"body": body_of(document="{ viewer { history { totalCount } } }")},
        {"body": body_of(after="nonsense")},
        {"body": body_of(-1)},
    ],
    ids=str,
)
def test_whatever_is_unusual_is_djangos(asked: Asked, changed: dict[str, Any]) -> None:
    asked.connected()
    received = asked.received(**changed)
    asked.make_known(received)
    assert asked.ask(received) is None


def test_a_header_that_comes_twice_is_djangos(asked: Asked) -> None:
    asked.connected()
    received = asked.received()
    received.headers.append((b"authorization", b"Bearer another"))
    assert asked.ask(received) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda token: {"revoked_at": token.created_at},
        lambda token: {"expires_at": token.created_at},
        lambda _: {"scopes": ["PREDICT"]},
    ],
)
def test_a_token_that_may_no_more_is_djangos_at_once(
    asked: Asked, change: Callable[[ApiToken], dict[str, Any]]
) -> None:
    asked.connected()
    ApiToken.objects.update(**change(ApiToken.objects.get()))
    assert asked.ask() is None
    ApiToken.objects.all().delete()
    assert asked.ask() is None


def test_a_user_who_may_no_more_is_djangos_at_once(asked: Asked) -> None:
    asked.connected()
    User.objects.update(is_active=False)
    assert asked.ask() is None


def test_the_use_of_a_token_is_noted_by_django(asked: Asked) -> None:
    asked.connected()
    ApiToken.objects.update(last_used_at=None)
    assert asked.ask() is None
    asked.django()
    assert asked.ask() is not None
