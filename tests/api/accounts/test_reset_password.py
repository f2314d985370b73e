import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from server.accounts.models import User
from tests.support.api import Api
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email

NEW_PASSWORD = "another horse battery 8"


@pytest.fixture
def code(alice: Api, api: Api, mailoutbox: list[EmailMessage]) -> str:
    """The code in the message that alice received."""
    mutate(api, "requestPasswordReset", email="alice@example.org")
    (message,) = mailoutbox
    (found,) = re.findall(r"^ {4}([\w-]+\.[\w-]+)$", message.body, re.MULTILINE)
    return str(found)


def test_sets_the_password_by_the_code_of_the_message(code: str, api: Api) -> None:
    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert payload(answer) == {"errors": []}
    assert error_codes(log_in(api, "alice@example.org")) == ["CREDENTIALS_INVALID"]
    assert error_codes(log_in(api, "alice@example.org", NEW_PASSWORD)) == []


def test_logs_nobody_in(code: str, api: Api) -> None:
    mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert viewer_email(api) is None


def test_white_space_around_a_pasted_code_does_not_matter(code: str, api: Api) -> None:
    answer = mutate(api, "resetPassword", resetToken=f" {code}\n", newPassword=NEW_PASSWORD)

    assert error_codes(answer) == []


def test_ends_every_session(code: str, alice: Api, api: Api, new_api: type[Api]) -> None:
    other = new_api()
    log_in(other, "alice@example.org")
    # Logging in made the first code void.
    code = reset_code(User.objects.get(), age=timedelta())

    mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert viewer_email(alice) is None
    assert viewer_email(other) is None


def test_a_code_works_once(code: str, api: Api) -> None:
    mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    answer = mutate(api, "resetPassword", resetToken=code, newPassword="a third horse 7")

    assert error_codes(answer) == ["RESET_TOKEN_INVALID"]
    assert error_codes(log_in(api, "alice@example.org", NEW_PASSWORD)) == []


@pytest.mark.parametrize(
    ("minutes", "expected"), [(0, []), (59, []), (61, ["RESET_TOKEN_INVALID"])]
)
def test_a_code_works_for_an_hour(alice: Api, api: Api, minutes: int, expected: list[str]) -> None:
    code = reset_code(User.objects.get(), age=timedelta(minutes=minutes))

    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert error_codes(answer) == expected


def test_a_code_of_before_a_password_change_is_void(code: str, api: Api) -> None:
    user = User.objects.get()
    user.set_password("changed in between 6")
    user.save()

    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert error_codes(answer) == ["RESET_TOKEN_INVALID"]


def test_a_code_of_a_deactivated_account_is_void(code: str, api: Api) -> None:
    User.objects.update(is_active=False)

    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert error_codes(answer) == ["RESET_TOKEN_INVALID"]


def test_a_code_is_good_for_its_own_account_alone(code: str, bob: Api, api: Api) -> None:
    bob_identity = urlsafe_base64_encode(force_bytes(User.objects.get(email__startswith="bob").pk))
    forged = f"{bob_identity}.{code.partition('.')[2]}"

    answer = mutate(api, "resetPassword", resetToken=forged, newPassword=NEW_PASSWORD)

    assert error_codes(answer) == ["RESET_TOKEN_INVALID"]


@pytest.mark.parametrize(
    "code",
    [
        "",
        ".",
        "code",
        "MQ",
        "MQ.",
        "MQ.code",
        "!!.??",
        "4pyT.code",  # ✓
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5.code",  # an id beyond any column
        "LTE.code",  # -1
        "/" * 10_000,
        "OTk5" * 2_000 + ".code",  # thousands of digits
        "MQ.é",
    ],
)
def test_anything_else_is_no_code(alice: Api, api: Api, code: str) -> None:
    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert error_codes(answer) == ["RESET_TOKEN_INVALID"]
    assert payload(answer)["errors"][0]["field"] == ["input", "resetToken"]


def test_a_weak_new_password_is_refused_and_the_code_not_used_up(code: str, api: Api) -> None:
    answer = mutate(api, "resetPassword", resetToken=code, newPassword="alice@example.org")

    assert error_codes(answer) == ["PASSWORD_REJECTED"]
    assert payload(answer)["errors"][0]["field"] == ["input", "newPassword"]

    answer = mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)
    assert error_codes(answer) == []


def test_ends_the_lock_that_wrong_passwords_brought(code: str, api: Api) -> None:
    for _ in range(6):
        locked = log_in(api, "alice@example.org", "wrong")
    assert error_codes(locked) == ["TOO_MANY_ATTEMPTS"]
    assert "or reset the password" in payload(locked)["errors"][0]["message"]

    mutate(api, "resetPassword", resetToken=code, newPassword=NEW_PASSWORD)

    assert error_codes(log_in(api, "alice@example.org", NEW_PASSWORD)) == []


def reset_code(user: User, *, age: timedelta) -> str:
    """The code that the user would have been sent `age` ago."""

    class Earlier(PasswordResetTokenGenerator):
        def _now(self) -> datetime:
            return super()._now() - age

    return f"{urlsafe_base64_encode(force_bytes(user.pk))}.{Earlier().make_token(user)}"
