import pytest

from server.accounts.models import User
from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, log_in, payload, viewer_email


def test_begins_a_session(alice: Api, api: Api) -> None:
    answer = log_in(api, "alice@example.org")

    assert error_codes(answer) == []
    assert payload(answer)["user"]["email"] == "alice@example.org"
    assert viewer_email(api) == "alice@example.org"


def test_the_address_may_be_capitalised_and_padded(alice: Api, api: Api) -> None:
    log_in(api, " Alice@Example.ORG ")

    assert viewer_email(api) == "alice@example.org"


def test_notes_when(alice: Api, api: Api) -> None:
    User.objects.update(last_login=None)

    log_in(api, "alice@example.org")

    assert User.objects.get().last_login is not None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@example.org", "wrong"),
        ("alice@example.org", ""),
        ("alice@example.org", PASSWORD.upper()),
        ("alice@example.org", "x" * 100_000),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("no address", PASSWORD),
        ("a" * 300 + "@example.org", PASSWORD),
        ("a" * 100_000, PASSWORD),
    ],
)
def test_wrong_credentials_are_all_answered_alike(
    alice: Api, api: Api, email: str, password: str
) -> None:
    answer = log_in(api, email, password)

    assert payload(answer) == {
        "user": None,
        "errors": [
            {
                "code": "CREDENTIALS_INVALID",
                "message": "The e-mail address or the password is wrong.",
                "field": ["input"],
            }
        ],
    }
    assert viewer_email(api) is None


def test_a_deactivated_account_can_not_log_in(alice: Api, api: Api) -> None:
    User.objects.update(is_active=False)

    assert error_codes(log_in(api, "alice@example.org")) == ["CREDENTIALS_INVALID"]


def test_a_wrong_password_leaves_the_running_session_alone(alice: Api) -> None:
    assert error_codes(log_in(alice, "alice@example.org", "wrong")) == ["CREDENTIALS_INVALID"]

    assert viewer_email(alice) == "alice@example.org"


def test_logging_in_as_another_user_leaves_nothing_of_the_first_session(
    alice: Api, bob: Api
) -> None:
    session = alice.http.session
    session["left behind"] = "by alice"
    session.save()

    log_in(alice, "bob@example.org")

    assert viewer_email(alice) == "bob@example.org"
    assert "left behind" not in alice.http.session
