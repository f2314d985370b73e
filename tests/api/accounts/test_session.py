"""The session cookie: how it is set, when it changes, and what it does not allow another site."""

import json

import pytest
from django.test import Client
from pytest_django import Settings

from server.accounts.models import User
from tests.support.api import PASSWORD, Answer, Api
from tests.support.mutations import log_in, mutate, viewer_email

CREATE_TOKEN = 'mutation { createApiToken(input: {name: "ci", scopes: [READ]}) { secret } }'


def test_the_cookies_are_kept_from_scripts_and_from_other_sites(api: Api) -> None:
    cookies = api.register("carol@example.org").http.cookies

    assert cookies["sessionid"]["httponly"] is True
    assert cookies["sessionid"]["samesite"] == "Lax"
    assert cookies["sessionid"]["path"] == "/"
    assert cookies["sessionid"]["domain"] == ""
    # The client has to send this one again as a header.
    assert not cookies["csrftoken"]["httponly"]
    assert cookies["csrftoken"]["samesite"] == "Lax"


def test_an_anonymous_query_sets_no_cookie_and_opens_no_session(api: Api) -> None:
    answer = api.execute("{ viewer { email } models { name } }")

    assert not answer.http.cookies
    assert answer.http["Cache-Control"] == "private, no-store"


def test_a_failed_login_sets_no_session(alice: Api, api: Api) -> None:
    answer = log_in(api, "alice@example.org", "wrong")

    assert "sessionid" not in answer.http.cookies


@pytest.mark.parametrize(
    "begin",
    [lambda api: api.register("carol@example.org"), lambda api: log_in(api, "alice@example.org")],
)
def test_a_session_that_somebody_planted_is_not_the_one_that_is_logged_in(
    alice: Api, api: Api, begin: object
) -> None:
    planted = planted_session(api)

    begin(api)

    assert viewer_email(api) is not None
    assert api.http.cookies["sessionid"].value != planted
    victim = Client()
    victim.cookies["sessionid"] = planted
    assert viewer_by_get(victim) is None


def test_logging_in_changes_the_csrf_token(alice: Api) -> None:
    before = alice.http.cookies["csrftoken"].value

    log_in(alice, "alice@example.org")

    assert alice.http.cookies["csrftoken"].value != before


def test_an_invented_session_is_nobody(api: Api) -> None:
    api.http.cookies["sessionid"] = "a" * 32

    assert viewer_by_get(api.http) is None


def test_json_with_a_session_needs_the_csrf_token(alice: Api) -> None:
    answer = post_json(alice, CREATE_TOKEN)

    assert answer.status == 403
    assert answer.codes == ["FORBIDDEN"]
    assert "X-CSRFToken" in answer.body["errors"][0]["message"]
    assert User.objects.get().api_tokens.count() == 0


def test_a_query_with_a_session_needs_the_csrf_token_by_post(alice: Api) -> None:
    assert post_json(alice, "{ viewer { email } }").status == 403
    assert viewer_by_get(alice.http) == "alice@example.org"


def test_a_wrong_csrf_token_is_refused(alice: Api) -> None:
    assert post_json(alice, CREATE_TOKEN, "X" * 32).status == 403
    assert post_json(alice, CREATE_TOKEN, "").status == 403


def test_the_csrf_token_of_another_session_is_refused(alice: Api, bob: Api) -> None:
    token = bob.http.cookies["csrftoken"].value

    assert post_json(alice, CREATE_TOKEN, token).status == 403


def test_multipart_with_a_session_needs_the_csrf_token(alice: Api) -> None:
    answer = post_multipart(alice, CREATE_TOKEN)

    assert answer.status == 403
    assert answer.codes == ["FORBIDDEN"]
    assert User.objects.get().api_tokens.count() == 0

    answer = post_multipart(alice, CREATE_TOKEN, alice.http.cookies["csrftoken"].value)
    assert answer.data["createApiToken"]["secret"]


def test_multipart_without_a_session_needs_it_too_for_a_form_may_log_its_victim_in(
    alice: Api, api: Api
) -> None:
    credentials = f'email: "alice@example.org", password: "{PASSWORD}"'
    document = f"mutation {{ logIn(input: {{{credentials}}}) {{ user {{ id }} }} }}"

    answer = post_multipart(api, document)

    assert answer.status == 403
    assert "sessionid" not in answer.http.cookies


def test_a_mutation_is_not_made_by_get(alice: Api) -> None:
    response = alice.http.get("/graphql", {"query": CREATE_TOKEN})

    assert response.status_code == 405
    assert User.objects.get().api_tokens.count() == 0


def test_an_origin_that_is_not_ours_is_refused_with_the_right_csrf_token(alice: Api) -> None:
    token = alice.http.cookies["csrftoken"].value

    refused = post_json(alice, CREATE_TOKEN, token, Origin="https://evil.example")
    allowed = post_json(alice, CREATE_TOKEN, token, Origin="http://testserver")

    assert refused.status == 403
    assert allowed.data["createApiToken"]["secret"]


def test_the_origin_of_the_web_client_elsewhere_is_ours(alice: Api, settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://telltale.example"]
    token = alice.http.cookies["csrftoken"].value

    answer = post_json(alice, CREATE_TOKEN, token, Origin="https://telltale.example")

    assert answer.data["createApiToken"]["secret"]


def test_changing_the_password_in_one_session_logs_the_others_out_at_their_next_request(
    alice: Api, new_api: type[Api]
) -> None:
    others = [new_api(), new_api()]
    for other in others:
        log_in(other, "alice@example.org")

    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword="another horse 9")

    assert [viewer_email(other) for other in others] == [None, None]
    answer = mutate(others[0], "createApiToken", name="ci", scopes=["READ"])
    assert answer.codes == ["UNAUTHENTICATED"]


def post_json(client: Api, document: str, csrf_token: str | None = None, **headers: str) -> Answer:
    if csrf_token is not None:
        headers["X-CSRFToken"] = csrf_token
    body = json.dumps({"query": document})
    return Answer(
        client.http.post("/graphql", body, content_type="application/json", headers=headers)
    )


def post_multipart(client: Api, document: str, csrf_token: str | None = None) -> Answer:
    form = {"operations": json.dumps({"query": document}), "map": "{}"}
    headers = {} if csrf_token is None else {"X-CSRFToken": csrf_token}
    return Answer(client.http.post("/graphql", form, headers=headers))


def viewer_by_get(client: Client) -> str | None:
    viewer = client.get("/graphql", {"query": "{ viewer { email } }"}).json()["data"]["viewer"]
    return viewer and str(viewer["email"])


def planted_session(client: Api) -> str:
    """An anonymous session that exists on the server, with its cookie and CSRF token."""
    client.http.get("/graphql", headers={"Accept": "text/html"})
    session = client.http.session
    session["planted"] = "by an attacker"
    session.save()
    return str(client.http.cookies["sessionid"].value)
