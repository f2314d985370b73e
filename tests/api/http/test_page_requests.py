"""Pages by token that are answered in front of Django: what Django would answer, or Django."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django import Settings

from server.accounts.models import ApiToken, Scope, User
from server.accounts.tokens import create_token
from server.api.http import page_requests
from server.api.http.page_requests import MAX_BODY_BYTES, MAX_REMEMBERED_BYTES, PageRequests
from server.wsgi import TextRequest
from server.wsgi import application as django_application
from tests.support.api import Api
from tests.support.stored import signed_in, store_predictions, user_named

PAGE = """query Page($n: Int) { viewer { id history(first: $n) {
  edges { cursor node { id label createdAt image { url } } } pageInfo { hasNextPage } } } }"""


class Asked:
    """Asks the WSGI application, and knows who answered."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.was_django = False
        self.status = ""
        self.headers: dict[str, str] = {}
        self._application = PageRequests(self._django, TextRequest)  # type: ignore[arg-type]

    def _django(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:  # noqa: ANN401 - as Django's
        self.was_django = True
        return django_application(environ, start_response)

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def page(
        self, body: bytes | None = None, *, application: object = None, **environ: str
    ) -> dict[str, Any]:
        sent = body or json.dumps({"query": PAGE, "variables": {"n": 2}}).encode()
        request = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/graphql",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
            "HTTP_X_REQUEST_ID": "an-id",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.input": io.BytesIO(sent),
            "wsgi.url_scheme": "http",
        } | environ
        self.was_django = False
        chosen: Any = application or self._application
        answered = chosen(request, self._start)
        return dict(json.loads(b"".join(answered)))


@pytest.fixture
def alice(transactional_db: None) -> Api:
    api = signed_in("alice@example.org")
    store_predictions(user_named("alice@example.org"), [{"label": f"label {n}"} for n in range(5)])
    return api


@pytest.fixture
def asked(alice: Api) -> Asked:
    user = user_named("alice@example.org")
    _, secret = create_token(user, name="pages", scopes=[Scope.READ], expires_at=None)
    return Asked(secret)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
def test_the_answer_is_djangos_header_by_header(asked: Asked, accept: str) -> None:
    quick = asked.page(HTTP_ACCEPT=accept)
    assert not asked.was_django
    status, headers = asked.status, asked.headers

    plain = asked.page(HTTP_ACCEPT=accept, application=django_application)

    assert len(quick["data"]["viewer"]["history"]["edges"]) == 2
    assert (quick, status, headers) == (plain, asked.status, asked.headers)
    assert headers["X-Request-Id"] == "an-id"


def test_over_https_it_says_that_it_is_to_stay_so(asked: Asked, settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_SSL_REDIRECT = True
    asked.page(**{"wsgi.url_scheme": "https"})
    assert not asked.was_django
    assert asked.headers["Strict-Transport-Security"].startswith("max-age=60")


def test_what_would_be_redirected_to_https_is_djangos(asked: Asked, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    asked.page()
    assert asked.was_django


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_AUTHORIZATION": "Bearer tt_wrong"},
        {"HTTP_AUTHORIZATION": "Basic YTpi"},
        {"HTTP_AUTHORIZATION": ""},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_CONTENT_ENCODING": "gzip"},
        {"HTTP_ACCEPT": "text/html"},
        {"CONTENT_TYPE": "text/plain"},
        {"CONTENT_LENGTH": str(MAX_BODY_BYTES + 1)},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "²"},
        {"CONTENT_LENGTH": ""},
        {"QUERY_STRING": "query={viewer{id}}"},
        {"PATH_INFO": "/graphql/"},
        {"REQUEST_METHOD": "PUT"},
    ],
)
def test_what_is_unusual_is_djangos(asked: Asked, environ: dict[str, str]) -> None:
    asked.page(**environ)
    assert asked.was_django


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "BAD_USER_INPUT"),
        (b"\xff\xfe", "BAD_USER_INPUT"),
        (b"[]", "BAD_USER_INPUT"),
        (b'{"query": "{ viewer {"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ viewer { none } }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{ viewer { history(first: 101) { totalCount } } }"}', "BAD_USER_INPUT"),
    ],
)
def test_what_is_wrong_is_told_by_django(asked: Asked, body: bytes, code: str) -> None:
    answer = asked.page(body)
    assert asked.was_django
    assert answer["errors"][0]["extensions"]["code"] == code


def test_a_wrong_host_is_refused_by_django(asked: Asked, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["telltale.example"]
    with pytest.raises(ValueError, match="Expecting value"):  # a page that is no JSON
        asked.page(HTTP_HOST="elsewhere.example")
    assert asked.was_django
    assert asked.status.startswith("400")


def test_what_fails_on_the_way_is_met_again_by_django(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(page_requests.PageRequest, "answer", fails)
    assert len(asked.page()["data"]["viewer"]["history"]["edges"]) == 2
    assert asked.was_django


def test_it_is_counted_and_logged_once(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="server.requests"):
        asked.page()
    (line,) = caplog.records
    assert line.getMessage().startswith("POST /graphql 200 viewer ")
    assert line.details["operation_name"] == "Page"  # type: ignore[attr-defined]
    assert line.details["user_id"] == user_named("alice@example.org").pk  # type: ignore[attr-defined]
    assert line.details["queries"] > 0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "ended",
    [
        {"revoked_at": "2026-01-01T00:00Z"},
        {"expires_at": "2026-01-01T00:00Z"},
        {"scopes": ["PREDICT"]},
    ],
)
def test_a_page_that_was_read_with_a_token_that_may_not_is_not_shown(
    asked: Asked, ended: dict[str, object]
) -> None:
    ApiToken.objects.update(**ended)
    answer = asked.page()
    assert asked.was_django
    code = answer["errors"][0]["extensions"]["code"]
    assert code == ("FORBIDDEN" if "scopes" in ended else "UNAUTHENTICATED")


def test_nor_that_of_somebody_who_is_inactive(asked: Asked) -> None:
    User.objects.update(is_active=False)
    asked.page()
    assert asked.was_django
    assert asked.status.startswith("401")


def test_a_token_says_when_it_was_used_for_a_page(asked: Asked) -> None:
    asked.page()
    assert not asked.was_django
    assert ApiToken.objects.get().last_used_at is not None


def test_the_same_bytes_by_another_token_are_the_others_page(asked: Asked) -> None:
    signed_in("bob@example.org")
    bob = user_named("bob@example.org")
    _, secret = create_token(bob, name="pages", scopes=[Scope.READ], expires_at=None)
    body = json.dumps({"query": PAGE, "variables": {"n": 3}}).encode()
    of_bob = Asked(secret)

    assert len(asked.page(body)["data"]["viewer"]["history"]["edges"]) == 3
    assert of_bob.page(body)["data"]["viewer"]["history"]["edges"] == []
    store_predictions(bob, [{"label": "late"}])
    (edge,) = of_bob.page(body)["data"]["viewer"]["history"]["edges"]
    assert edge["node"]["label"] == "late"
    assert not asked.was_django
    assert not of_bob.was_django


def test_a_body_that_is_too_long_to_be_remembered_is_answered_as_well(asked: Asked) -> None:
    body = json.dumps({"query": PAGE + " " * MAX_REMEMBERED_BYTES, "variables": {"n": 1}}).encode()
    assert len(asked.page(body)["data"]["viewer"]["history"]["edges"]) == 1
    assert not asked.was_django
