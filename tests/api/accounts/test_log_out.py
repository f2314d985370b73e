from server.accounts.sessions import Session
from tests.support.api import Api
from tests.support.mutations import error_codes, log_in, mutate, viewer_email


def test_ends_the_session_on_the_server_too(alice: Api) -> None:
    cookie = alice.http.cookies["sessionid"].value

    answer = mutate(alice, "logOut")

    assert error_codes(answer) == []
    assert viewer_email(alice) is None
    assert not Session.objects.filter(session_key=cookie).exists()


def test_the_old_cookie_works_no_more(alice: Api, api: Api) -> None:
    cookie = alice.http.cookies["sessionid"].value
    mutate(alice, "logOut")

    api.http.cookies["sessionid"] = cookie

    assert viewer_email_by_get(api) is None


def test_other_sessions_of_the_account_stay(alice: Api, api: Api) -> None:
    log_in(api, "alice@example.org")

    mutate(alice, "logOut")

    assert viewer_email(alice) is None
    assert viewer_email(api) == "alice@example.org"


def viewer_email_by_get(client: Api) -> str | None:
    response = client.http.get("/graphql", {"query": "{ viewer { email } }"})
    viewer = response.json()["data"]["viewer"]
    return viewer and str(viewer["email"])
