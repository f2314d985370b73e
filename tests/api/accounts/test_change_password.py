import pytest

from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email

NEW_PASSWORD = "another horse battery 8"


def test_changes_the_password(alice: Api, api: Api) -> None:
    answer = mutate(
        alice,
        "changePassword",
        "user { email }",
        currentPassword=PASSWORD,
        newPassword=NEW_PASSWORD,
    )

    assert payload(answer) == {"user": {"email": "alice@example.org"}, "errors": []}
    assert error_codes(log_in(api, "alice@example.org")) == ["CREDENTIALS_INVALID"]
    assert error_codes(log_in(api, "alice@example.org", NEW_PASSWORD)) == []


def test_this_session_stays_and_every_other_one_ends(alice: Api, api: Api) -> None:
    log_in(api, "alice@example.org")
    cookie = alice.http.cookies["sessionid"].value

    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=NEW_PASSWORD)

    assert viewer_email(alice) == "alice@example.org"
    assert alice.http.cookies["sessionid"].value != cookie
    assert viewer_email(api) is None


def test_a_wrong_current_password_changes_nothing(alice: Api, api: Api) -> None:
    answer = mutate(
        alice, "changePassword", "user { id }", currentPassword="wrong", newPassword=NEW_PASSWORD
    )

    assert payload(answer)["user"] is None
    assert error_codes(answer) == ["PASSWORD_INCORRECT"]
    assert payload(answer)["errors"][0]["field"] == ["input", "currentPassword"]
    assert error_codes(log_in(api, "alice@example.org")) == []


def test_the_password_of_somebody_else_is_a_wrong_one(alice: Api, api: Api) -> None:
    api.register("carol@example.org", "the password of carol 7")

    answer = mutate(
        alice,
        "changePassword",
        currentPassword="the password of carol 7",
        newPassword=NEW_PASSWORD,
    )

    assert error_codes(answer) == ["PASSWORD_INCORRECT"]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("3 words", "too short"),
        ("password123", "too common"),
        ("8295173046", "entirely numeric"),
        ("alice@example.org", "too similar"),
        ("long words " * 100, "too long"),
    ],
)
def test_a_weak_new_password_is_refused_with_the_reason(
    alice: Api, api: Api, password: str, reason: str
) -> None:
    answer = mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=password)

    assert error_codes(answer) == ["PASSWORD_REJECTED"]
    assert reason in payload(answer)["errors"][0]["message"]
    assert payload(answer)["errors"][0]["field"] == ["input", "newPassword"]
    assert error_codes(log_in(api, "alice@example.org")) == []


def test_tokens_keep_working(alice: Api, api: Api) -> None:
    secret = alice.create_token("READ")

    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=NEW_PASSWORD)

    assert viewer_email(api, token=secret) == "alice@example.org"
