"""Pages that the poller answers itself: what a thread would answer, or a thread."""

import io
import json
import selectors
import socket
import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn
from pytest_django import Settings

from server.accounts.models import ApiToken, Scope
from server.accounts.tokens import create_token
from server.api.compiled.plan import question_of
from server.api.http.page_requests import PageRequests
from server.api.http.request import GraphQLRequest
from server.postgres import nonblocking
from server.worker.arrival import Arrival
from server.worker.page_lane import MAX_BODY_BYTES, PageLane
from server.wsgi import TextRequest, django_application
from tests.support.stored import signed_in, store_predictions, user_named

pytestmark = pytest.mark.django_db(transaction=True)
DEADLINE_SECONDS = 10
PAGE = """query Page($n: Int, $after: String) { viewer { history(first: $n, after: $after) {
  edges { node { id label image { width } } } pageInfo { hasNextPage endCursor } } } }"""


class Site:
    """A worker without threads: it keeps what it is given."""

    def __init__(self) -> None:
        self.cfg = Config()
        self.poller = selectors.DefaultSelector()
        self.answers: list[bytes] = []
        self.for_threads: list[Arrival] = []
        self.pages = PageRequests(django_application, TextRequest)
        self.lane = PageLane(self, self.pages.begun)
        self.ours, self.theirs = socket.socketpair()
        self.conn = TConn(self.cfg, self.ours, ("127.0.0.1", 1234), ("127.0.0.1", 80))

    def send_answer(self, _conn: TConn, answer: bytes) -> None:
        self.answers.append(answer)

    def give_to_thread(self, _conn: TConn, arrival: Arrival) -> None:
        self.for_threads.append(arrival)

    def takes(self, request: bytes, rest: bytes = b"") -> bool:
        arrival = Arrival(10_000_000)
        arrival.add(request)
        if rest:
            arrival.add(rest)
        return self.lane.takes(self.conn, arrival)

    def call(self, body: bytes, token: str) -> bytes:
        """Ask as a thread does, which makes the document known."""
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/graphql",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        return b"".join(self.pages(environ, lambda _status, headers: self.told(headers)))

    def told(self, headers: list[tuple[str, str]]) -> None:
        self.headers_of_the_call = headers

    def turn(self, count: int = 1) -> None:
        ends = time.monotonic() + DEADLINE_SECONDS
        while len(self.answers) + len(self.for_threads) < count:
            assert time.monotonic() < ends, "nobody was answered"
            for key, _ in self.poller.select(0.05):
                key.data(key.fileobj)


def body_of(count: int = 2, document: str = PAGE, **variables: object) -> bytes:
    return json.dumps({"query": document, "variables": {"n": count, **variables}}).encode()


def request_of(body: bytes, token: str, *lines: str, path: str = "/graphql") -> bytes:
    head = [
        f"POST {path} HTTP/1.1",
        "Host: testserver",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *lines,
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


@pytest.fixture
def token(transactional_db: None) -> str:
    signed_in("alice@example.org")
    user = user_named("alice@example.org")
    store_predictions(user, [{"label": f"label {number}"} for number in range(5)])
    return create_token(user, name="pages", scopes=[Scope.READ], expires_at=None)[1]


@pytest.fixture
def site(token: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A lane that is connected and has answered once."""
    monkeypatch.setattr(nonblocking, "PAUSE_SECONDS", 0.0)
    site = Site()
    request = request_of(body_of(), token)
    site.call(body_of(), token)
    ends = time.monotonic() + DEADLINE_SECONDS
    while not site.takes(request):
        assert time.monotonic() < ends, "it does not connect"
        time.sleep(0.01)
    site.turn()
    assert len(site.answers) == 1
    site.answers.clear()
    yield site
    site.lane.close()
    site.poller.close()
    site.ours.close()
    site.theirs.close()


def split(answer: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, content = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    return status, dict(line.split(": ", 1) for line in lines), content


def test_it_answers_what_a_thread_answers_header_by_header(site: Site, token: str) -> None:
    assert site.takes(request_of(body_of(), token, "X-Request-Id: an-id"))
    site.turn()
    status, headers, content = split(site.answers[0])

    called = site.call(body_of(), token)
    expected = dict(site.headers_of_the_call) | {"X-Request-Id": "an-id"}

    assert content == called
    assert status == "HTTP/1.1 200 OK"
    assert {name: headers.pop(name) for name in ("Server", "Connection")} == {
        "Server": "gunicorn",
        "Connection": "keep-alive",
    }
    assert headers.pop("Date").endswith(" GMT")
    assert headers == expected


def test_requests_that_come_together_are_each_answered(site: Site, token: str) -> None:
    for count in (1, 2, 3, 4, 5):
        assert site.takes(request_of(body_of(count), token))
    site.turn(5)
    pages = [json.loads(split(answer)[2])["data"]["viewer"]["history"] for answer in site.answers]
    assert [len(page["edges"]) for page in pages] == [1, 2, 3, 4, 5]
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True] * 4 + [False]


def test_the_same_head_by_another_document_is_its_own(site: Site, token: str) -> None:
    cursor = json.loads(site.call(body_of(), token))["data"]["viewer"]["history"]["pageInfo"]
    assert site.takes(request_of(body_of(2, after=cursor["endCursor"]), token))
    site.turn()
    (answer,) = site.answers
    edges = json.loads(split(answer)[2])["data"]["viewer"]["history"]["edges"]
    assert [edge["node"]["label"] for edge in edges] == ["label 2", "label 1"]


@pytest.mark.parametrize(
    "line",
    [
        "Connection: close",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "Origin: https://elsewhere.example",
        "Content-Encoding: gzip",
        "Accept: text/html",
        "Content-Length: 3",
        "No colon",
        "X: " + "x" * 9000,
    ],
)
def test_what_is_unusual_is_a_threads(site: Site, token: str, line: str) -> None:
    assert not site.takes(request_of(body_of(), token, line))
    site.theirs.settimeout(0)
    with pytest.raises(BlockingIOError):
        site.theirs.recv(1)  # nothing was said meanwhile


def test_and_so_is_what_does_not_look_like_a_page(
    site: Site, token: str, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    whole = request_of(body_of(), token)
    long = body_of(document=PAGE + " " * MAX_BODY_BYTES)
    for request in (
        request_of(body_of(), token, path="/graphql?a=1"),
        request_of(body_of(), token, path="/elsewhere"),
        request_of(body_of(), "tt_wrong"),
        request_of(b"{", token),
        request_of(long, token),
        request_of(body_of(101), token),
        request_of(body_of(2, after="nonsense"), token),
        whole.replace(b"HTTP/1.1", b"HTTP/1.0"),
        whole.replace(b"Host: testserver", b"Host: elsewhere.example"),
        whole[:-1],
    ):
        assert not site.takes(request)
    assert not site.takes(whole, rest=whole)  # a second one has come behind it


@pytest.mark.parametrize(
    "document",
    [
        "query Unknown { viewer { history { edges { node { id } } } } }",
        "query Count { viewer { history(first: 1) { totalCount } } }",
        "{ viewer { email } }",
        "{ viewer { a: history(first: 1) { edges { cursor } } b: history { edges { cursor } } } }",
        "{ models { name } }",
    ],
)
def test_what_takes_more_than_one_statement_is_a_threads(
    site: Site, token: str, document: str
) -> None:
    body = json.dumps({"query": document}).encode()
    assert not site.takes(request_of(body, token))
    if "Unknown" not in document:
        site.call(body, token)
        assert not site.takes(request_of(body, token))


@pytest.mark.parametrize(
    ("arguments", "member", "is_taken"),
    [
        ("first: 1, after: $c", "hasNextPage", True),
        ("first: 1, after: $c", "hasPreviousPage", False),
        ("first: 1", "hasPreviousPage", True),
        ("last: 1, before: $c", "hasPreviousPage", True),
        ("last: 1, before: $c", "hasNextPage", False),
        ("last: 1", "hasNextPage", True),
    ],
)
def test_neighbours_that_have_to_be_looked_for_are_a_threads(
    site: Site, token: str, arguments: str, member: str, is_taken: bool
) -> None:
    of = "($c: String)" if "$c" in arguments else ""
    document = (
        f"query Near{of} {{ viewer {{ history({arguments}) {{ pageInfo {{ {member} }} }} }} }}"
    )
    page = json.loads(site.call(body_of(), token))["data"]["viewer"]["history"]
    variables = {"c": page["pageInfo"]["endCursor"]} if of else {}
    body = json.dumps({"query": document, "variables": variables}).encode()
    called = site.call(body, token)
    assert site.takes(request_of(body, token)) == is_taken
    if is_taken:
        site.turn()
        assert split(site.answers[0])[2] == called


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": "2026-01-01T00:00Z"},
        {"expires_at": "2026-01-01T00:00Z"},
        {"scopes": ["PREDICT"]},
        {"last_used_at": "2026-01-01T00:00Z"},  # to be noted again
    ],
)
def test_a_token_that_is_not_simply_good_is_a_threads(
    site: Site, token: str, change: dict[str, object]
) -> None:
    ApiToken.objects.update(**change)
    assert site.takes(request_of(body_of(), token))
    site.turn()
    assert site.answers == []
    (arrival,) = site.for_threads
    assert b"".join(arrival.pieces) == request_of(body_of(), token)  # all of it is still there


def test_so_is_one_that_is_unknown(site: Site, token: str) -> None:
    ApiToken.objects.all().delete()
    assert site.takes(request_of(body_of(), token))
    site.turn()
    assert (len(site.answers), len(site.for_threads)) == (0, 1)


def test_what_the_server_breaks_off_is_a_threads_and_then_it_goes_on(
    site: Site, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.takes(request_of(body_of(), token))
    monkeypatch.setattr(nonblocking, "PATIENCE_SECONDS", -1.0)
    site.lane.check()
    assert (len(site.answers), len(site.for_threads)) == (0, 1)

    ends = time.monotonic() + DEADLINE_SECONDS
    while not site.takes(request_of(body_of(), token)):
        assert time.monotonic() < ends, "it does not connect again"
        time.sleep(0.01)
    site.turn(2)
    assert len(site.answers) == 1


def test_it_takes_one_statement(site: Site, token: str) -> None:
    with connection.execute_wrapper(_refuse):
        assert site.takes(request_of(body_of(), token))
        site.turn()
    assert len(site.answers) == 1


def _refuse(*_: object) -> object:
    raise AssertionError("The poller's thread waited for a statement.")


def test_a_filter_is_answered_on_a_connection_of_its_own(site: Site, token: str) -> None:
    document = "{ viewer { history(filter: {minConfidence: 0.1}) { edges { node { id } } } } }"
    body = json.dumps({"query": document}).encode()
    called = site.call(body, token)
    ends = time.monotonic() + DEADLINE_SECONDS
    while not site.takes(request_of(body, token)):
        assert time.monotonic() < ends, "it does not connect"
        time.sleep(0.01)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE predictions_modelversion IN ACCESS EXCLUSIVE MODE")
        site.turn()
        named = '{ viewer { history(filter: {model: "a"}) { edges { node { id } } } } }'
        held_up = json.dumps({"query": named}).encode()
        cursor.execute("SET LOCAL lock_timeout = '1s'")
        question = question_of(GraphQLRequest(named, None, None))
        assert question is not None
        assert site.takes(request_of(held_up, token))
        assert site.takes(request_of(body_of(), token))
        site.turn(2)  # the page, while the filter by a model waits for the lock
    site.turn(3)
    assert [split(answer)[2] for answer in site.answers] == [
        called,
        site.call(body_of(), token),
        b'{"data":{"viewer":{"history":{"edges":[]}}}}',
    ]


def test_a_client_on_a_unix_socket_has_no_address(site: Site, token: str) -> None:
    site.conn.client = ""
    assert site.takes(request_of(body_of(), token))
    site.turn()
    assert len(site.answers) == 1
