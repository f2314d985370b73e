"""Pages that the event loop answers itself: what Django would answer, or Django, and only once."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from harness.slow_wire import slow_wire
from server.accounts.models import ApiToken, Scope, User
from server.accounts.tokens import create_token
from server.front import page_statements
from server.front.django import Django
from server.front.messages import Answer, Received
from server.front.page_statements import Statements
from server.front.pages import CONNECTIONS, MAX_BODY_BYTES, Pages
from server.wsgi import application
from tests.support.stored import signed_in, store_predictions, user_named

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = """query Page($n: Int, $after: String, $filter: HistoryFilter) {
  viewer { id history(first: $n, after: $after, filter: $filter) {
    edges { cursor node { id label createdAt scores { label } image { url } model { name } } }
    pageInfo { hasNextPage endCursor } } } }"""
ATTEMPTS = 500


class Asked:
    """Pages on a loop, and Django beside it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.runner = asyncio.Runner()
        self.pages = Pages()
        self._django = Django(application)

    def run(self, answering: Any) -> Any:  # noqa: ANN401 - whatever it answers
        return self.runner.run(answering)

    def ask(self, received: Received | None = None) -> Answer | None:
        answer: Answer | None = self.run(self.pages.answer(received or self.received()))
        return answer

    def django(self, received: Received | None = None) -> Answer:
        """Ask Django, which makes the document known."""
        return self._django._answer(_environ(received or self.received()))[0]

    def connected(self, received: Received | None = None) -> Answer:
        """Ask until there is a connection."""
        self.django(received)
        for _ in range(ATTEMPTS):
            answer = self.ask(received)
            if answer is not None:
                return answer
            self.run(asyncio.sleep(0.02))
        raise AssertionError("nothing was answered")

    def received(
        self, body: bytes | None = None, *, path: bytes = b"/graphql", **headers: str | None
    ) -> Received:
        body = body_of() if body is None else body
        sent = {
            "host": "testserver",
            "authorization": f"Bearer {self.secret}",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "x-request-id": "an-id",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return Received(
            method="POST",
            path=path,
            query_string=b"",
            headers=[(name.encode(), value.encode()) for name, value in sent.items() if value],
            body=body,
            body_bytes=len(body),
            client=("127.0.0.1", 1234),
            server=("127.0.0.1", 80),
            scheme="http",
            http_version="1.1",
        )


def _environ(received: Received) -> dict[str, Any]:
    from server.front.django import environ_of

    return environ_of(received)


def body_of(count: int = 2, document: str = PAGE, **variables: object) -> bytes:
    return json.dumps({"query": document, "variables": {"n": count, **variables}}).encode()


@pytest.fixture
def user(transactional_db: None) -> User:
    signed_in("alice@example.org")
    user = user_named("alice@example.org")
    store_predictions(user, [{"label": f"label {number}"} for number in range(5)])
    return user


@pytest.fixture
def asked(user: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setattr(page_statements, "PAUSE_SECONDS", 0.0)
    asked = Asked(create_token(user, name="pages", scopes=[Scope.READ], expires_at=None)[1])
    yield asked
    asked.run(asked.pages.close())
    asked.runner.close()


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


def test_a_document_that_was_never_called_is_djangos(asked: Asked) -> None:
    asked.connected()
    other = asked.received(body_of(document=PAGE.replace("query Page", "query Other")))
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
    asked.django(received)
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


def test_what_failed_once_it_was_asked_is_told_and_not_tried_again(
    asked: Asked, settings: Settings
) -> None:
    asked.connected()
    settings.DATABASE_PATIENCE_SECONDS = 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE predictions_prediction IN ACCESS EXCLUSIVE MODE")
        answer = asked.ask()
    assert answer is not None
    assert answer.status == 503
    assert json.loads(answer.body)["errors"][0]["extensions"]["code"] == "BUSY"
    assert dict(answer.headers)[b"Content-Type"].startswith(b"application/json")
    asked.connected()


def test_a_connection_that_the_server_ends_is_replaced(asked: Asked) -> None:
    asked.connected()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    asked.run(asyncio.sleep(0.1))
    assert asked.ask() is None
    asked.connected()


def test_a_silent_database_is_busy_and_then_djangos(
    asked: Asked, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_PATIENCE_SECONDS = 1
    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        with wire.silence():
            answer = asked.ask()
            assert answer is not None
            assert answer.status == 503
            assert asked.ask() is None
        asked.connected()


def test_who_would_wait_for_a_connection_is_djangos(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        asked.run(at_once(asked, 2 * CONNECTIONS))  # which opens the connections
        asked.run(asyncio.sleep(0.5))
        wire.delay_seconds = 0.1
        asked.connected()
        answers = asked.run(at_once(asked, 3 * CONNECTIONS))
    # Half as many again may wait, for half as long as a statement is expected to take.
    assert CONNECTIONS <= sum(answer is not None for answer in answers) <= CONNECTIONS * 3 // 2
    wrong = [answer for answer in answers if answer is not None and answer.status != 200]
    assert wrong == []


def test_a_client_that_goes_away_leaves_its_place_to_others(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked_and_left() -> None:
        asking = asyncio.create_task(asked.pages.answer(asked.received()))
        await asyncio.sleep(0.05)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    with slow_wire(url_of_the_database()) as wire:
        monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(wire.port))
        asked.connected()
        wire.delay_seconds = 0.2
        for _ in range(3 * CONNECTIONS):
            asked.run(asked_and_left())
        wire.delay_seconds = 0.0
        asked.connected()
        assert asked.pages._pages._count <= CONNECTIONS


def test_a_filter_is_planned_for_its_values_each_time(asked: Asked) -> None:
    asked.connected(asked.received(body_of(filter={"minConfidence": 0.1})))
    rows = asked.run(asked.pages._filters.fetch("SHOW plan_cache_mode", []))
    assert rows[0][0] == "force_custom_plan"
    asked.connected()
    assert asked.run(asked.pages._pages.fetch("SHOW plan_cache_mode", []))[0][0] == "auto"


def test_a_statement_whose_columns_a_migration_has_changed_is_answered(asked: Asked) -> None:
    asked.connected()

    def rows() -> list[Any]:
        found = asked.run(asked.pages._pages.fetch("SELECT * FROM changed", []))
        return [tuple(row) for row in found]

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE changed (number int)")
        try:
            cursor.execute("INSERT INTO changed VALUES (7)")
            assert [rows(), rows()] == [[(7,)], [(7,)]]
            cursor.execute("ALTER TABLE changed ALTER number TYPE text")
            assert [rows(), rows()] == [[("7",)], [("7",)]]
        finally:
            cursor.execute("DROP TABLE changed")


def test_statements_nobody_waits_for_end(asked: Asked) -> None:
    asked.connected()
    assert asked.run(asked.pages._pages.fetch("SHOW statement_timeout", []))[0][0] == "10s"


def test_an_option_that_asyncpg_does_not_know_leaves_pages_to_django(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    parameters = connection.get_connection_params() | {"channel_binding": "require"}
    monkeypatch.setattr(page_statements, "_connection_parameters", lambda: parameters)
    asked.django()
    for _ in range(5):
        assert asked.ask() is None
        asked.run(asyncio.sleep(0.02))
    assert "channel_binding" in caplog.text


def test_nobody_is_asked_where_nobody_is(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_statements, "_connection_parameters", lambda: at(1))
    statements = Statements(1)
    for _ in range(5):
        with pytest.raises(page_statements.NotAsked):
            asked.run(statements.fetch("SELECT 1", []))
        asked.run(asyncio.sleep(0.02))


async def at_once(asked: Asked, count: int) -> list[Answer | None]:
    return await asyncio.gather(*(asked.pages.answer(asked.received()) for _ in range(count)))


def url_of_the_database() -> str:
    parameters = connections["default"].get_connection_params()
    host = parameters["host"]
    where = (
        f"@/{parameters['dbname']}?host={host}"
        if host.startswith("/")
        else (f"@{host}:{parameters['port']}/{parameters['dbname']}")
    )
    return f"postgresql://{parameters['user']}{where}"


def at(port: int) -> dict[str, Any]:
    parameters = connections["default"].get_connection_params()
    return parameters | {"host": "127.0.0.1", "port": port}
