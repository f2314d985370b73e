import json

import pytest
from django.test import Client, override_settings

from tests.support.api import PASSWORD, Api
from tests.support.graphql_errors import error_codes

CLEAR_HISTORY = "mutation { clearHistory { deletedCount } }"
VIEWER = "{ viewer { email } }"
LOG_IN = f"""mutation {{
  logIn(input: {{email: "alice@example.org", password: "{PASSWORD}"}}) {{ user {{ id }} }}
}}"""


def form(document: str) -> dict[str, str]:
    return {"operations": json.dumps({"query": document}), "map": "{}"}


def test_a_form_of_another_site_with_the_cookie_and_no_token_is_refused(alice: Api) -> None:
    answer = alice.http.post("/graphql", form(CLEAR_HISTORY))

    assert answer.status_code == 403
    assert error_codes(answer) == ["FORBIDDEN"]


@pytest.mark.parametrize("document", [CLEAR_HISTORY, VIEWER])
def test_json_with_the_cookie_and_no_token_is_refused(alice: Api, document: str) -> None:
    answer = alice.http.post("/graphql", {"query": document}, content_type="application/json")

    assert answer.status_code == 403
    assert error_codes(answer) == ["FORBIDDEN"]


@pytest.mark.parametrize("header", ["", " "])
def test_an_empty_authorization_beside_the_cookie_needs_the_token_too(
    alice: Api, header: str
) -> None:
    answer = alice.http.post(
        "/graphql",
        {"query": VIEWER},
        content_type="application/json",
        headers={"Authorization": header},
    )

    assert answer.status_code == 403
    assert error_codes(answer) == ["FORBIDDEN"]


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "A" * 64, "\u00e9" * 32, "a" * 5_000])
def test_a_wrong_csrf_token_is_refused(alice: Api, token: str) -> None:
    answer = alice.http.post(
        "/graphql",
        {"query": VIEWER},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )

    assert answer.status_code == 403
    assert error_codes(answer) == ["FORBIDDEN"]


def test_a_form_that_would_log_the_victim_in_is_refused_without_a_token(alice: Api) -> None:
    answer = Client(enforce_csrf_checks=True).post("/graphql", form(LOG_IN))

    assert answer.status_code == 403
    assert error_codes(answer) == ["FORBIDDEN"]
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_media_types_that_a_form_can_send_do_not_log_anybody_in(
    alice: Api, content_type: str
) -> None:
    body = json.dumps({"query": LOG_IN})

    answer = Client(enforce_csrf_checks=True).generic("POST", "/graphql", body, content_type)

    assert answer.status_code == 415
    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert "sessionid" not in answer.cookies


def test_json_without_a_cookie_logs_in_without_a_token(alice: Api) -> None:
    answer = Client(enforce_csrf_checks=True).post(
        "/graphql", {"query": LOG_IN}, content_type="application/json"
    )

    assert answer.status_code == 200
    assert json.loads(answer.content)["data"]["logIn"]["user"] is not None


def test_a_query_by_get_needs_no_token(alice: Api) -> None:
    answer = alice.http.get("/graphql", {"query": VIEWER})

    assert json.loads(answer.content) == {"data": {"viewer": {"email": "alice@example.org"}}}


def test_a_bearer_token_needs_no_csrf_token_and_overrules_the_cookie(alice: Api, bob: Api) -> None:
    token = bob.create_token("READ")

    answer = alice.execute(VIEWER, token=token)

    assert answer.data == {"viewer": {"email": "bob@example.org"}}


def test_a_wrong_bearer_token_is_never_the_user_of_the_cookie(alice: Api) -> None:
    answer = alice.execute(VIEWER, token="tt_nonsense")

    assert answer.status == 401
    assert "data" not in answer.body


def test_logging_in_changes_the_csrf_token(alice: Api) -> None:
    before = alice.headers()["X-CSRFToken"]
    alice.execute("mutation { logOut { errors { code } } }")

    alice.execute(LOG_IN)

    assert alice.headers()["X-CSRFToken"] != before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://testserver"}, 200),
        ({"Referer": "https://testserver/graphql"}, 200),
        ({"Origin": "https://telltale.example"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://testserver"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://testserver.evil.example"}, 403),
        ({"Referer": "https://evil.example/testserver"}, 403),
        ({"Referer": "http://testserver/"}, 403),
        ({"Referer": "nonsense"}, 403),
        ({}, 403),
    ],
)
def test_over_https_the_token_counts_from_our_own_origins_only(
    alice: Api, headers: dict[str, str], status: int
) -> None:
    with override_settings(CSRF_TRUSTED_ORIGINS=["https://telltale.example"]):
        answer = alice.http.post(
            "/graphql",
            {"query": VIEWER},
            content_type="application/json",
            headers={**alice.headers(), **headers},
            secure=True,
        )

    assert answer.status_code == status
    if status == 403:
        assert error_codes(answer) == ["FORBIDDEN"]


def test_the_refusal_says_how_to_send_the_token(alice: Api) -> None:
    answer = alice.http.post("/graphql", {"query": VIEWER}, content_type="application/json")

    [error] = json.loads(answer.content)["errors"]
    assert "csrftoken" in error["message"]
    assert "X-CSRFToken" in error["message"]
