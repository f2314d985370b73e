import json

import pytest
from django.test import Client

from tests.support.api import Api

CLIENT = "https://telltale.example"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


@pytest.fixture(autouse=True)
def one_allowed_origin(settings: object) -> None:
    settings.CORS_ALLOWED_ORIGINS = [CLIENT]  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/graphql", "/predictions/1/crop.webp"])
def test_the_preflight_of_an_allowed_origin_lets_it_send_a_token(path: str) -> None:
    answer = Client().options(path, headers={"Origin": CLIENT, **PREFLIGHT})

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT
    allowed = answer.headers["Access-Control-Allow-Headers"].replace(" ", "").split(",")
    assert {"authorization", "content-type"} <= set(allowed)
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_an_allowed_origin_reads_answers_with_a_token(alice: Api) -> None:
    token = alice.create_token("READ")

    answer = Client(enforce_csrf_checks=True).post(
        "/graphql",
        {"query": "{ viewer { email } }"},
        content_type="application/json",
        headers={"Origin": CLIENT, "Authorization": f"Bearer {token}"},
    )

    assert json.loads(answer.content)["data"] == {"viewer": {"email": "alice@example.org"}}
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT
    assert "origin" in answer.headers["Vary"].lower()


def test_a_wrong_token_of_an_allowed_origin_can_be_read_as_401() -> None:
    answer = Client().post(
        "/graphql",
        {"query": "{ __typename }"},
        content_type="application/json",
        headers={"Origin": CLIENT, "Authorization": "Bearer tt_nonsense"},
    )

    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", f"{CLIENT}.evil.example", "http://telltale.example", "x"],
)
def test_another_origin_is_let_read_nothing(alice: Api, origin: str) -> None:
    query = {"query": "{ viewer { email } }"}

    preflight = alice.http.options("/graphql", headers={"Origin": origin, **PREFLIGHT})
    answer = alice.http.get("/graphql", query, headers={"Origin": origin})

    for sent in (preflight, answer):
        assert "Access-Control-Allow-Origin" not in sent.headers
        assert "Access-Control-Allow-Credentials" not in sent.headers


def test_an_allowed_origin_gets_no_answer_with_the_cookie_that_a_browser_would_show_it(
    alice: Api,
) -> None:
    answer = alice.http.get(
        "/graphql", {"query": "{ viewer { email } }"}, headers={"Origin": CLIENT}
    )

    # A browser withholds an answer to a request with cookies unless this header is there.
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_other_addresses_are_for_our_own_pages_only() -> None:
    answer = Client().options("/admin/login/", headers={"Origin": CLIENT, **PREFLIGHT})

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost",
        "http://localhost:5173",
        "http://localhost:65535",
        "http://127.0.0.1:3000",
        "http://[::1]:8080",
    ],
)
def test_in_development_a_client_on_this_machine_may_have_any_port(origin: str) -> None:
    answer = Client().options("/graphql", headers={"Origin": origin, **PREFLIGHT})

    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost.evil.example",
        "http://localhost:5173.evil.example",
        "http://localhost:5173@evil.example",
        "http://evil.example/http://localhost:5173",
        "http://notlocalhost:5173",
        "http://127.0.0.1.evil.example",
        "http://127x0x0x1:3000",
        "http://localhost:",
        "http://localhost:123456",
    ],
)
def test_what_only_looks_like_this_machine_is_let_read_nothing(origin: str) -> None:
    answer = Client().options("/graphql", headers={"Origin": origin, **PREFLIGHT})

    assert "Access-Control-Allow-Origin" not in answer.headers
