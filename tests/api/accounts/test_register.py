import pytest
from django.core import mail

from server.accounts.models import User
from tests.support.api import PASSWORD, Api
from tests.support.mutations import error_codes, mutate, payload, viewer_email


def test_makes_an_account_and_logs_it_in(api: Api) -> None:
    answer = api.register("Carol@Example.org")

    user = User.objects.get()
    assert payload(answer)["errors"] == []
    assert payload(answer)["user"]["email"] == user.email == "carol@example.org"
    assert payload(answer)["user"]["dateJoined"] == user.date_joined.isoformat()
    assert viewer_email(api) == "carol@example.org"


def test_the_new_account_is_no_staff_and_keeps_no_readable_password(api: Api) -> None:
    api.register("carol@example.org")

    user = User.objects.get()
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, False, False)
    assert PASSWORD not in user.password
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "carol",
        "carol@",
        "@example.org",
        "carol@example.org, dave@example.org",
        "carol@example.org\nBcc: dave@example.org",
        "carol@exa mple.org",
        f"{'c' * 64}@{'d' * 63}.{'d' * 63}.{'d' * 63}.org",  # an address has at most 254 characters
        "c" * 10_000 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused(api: Api, email: str) -> None:
    answer = api.register(email)

    assert error_codes(answer) == ["EMAIL_INVALID"]
    assert payload(answer)["errors"][0]["field"] == ["input", "email"]
    assert payload(answer)["user"] is None
    assert User.objects.count() == 0
    assert viewer_email(api) is None


def test_one_mailbox_is_one_account_however_it_is_capitalised(alice: Api, api: Api) -> None:
    answer = api.register(" ALICE@example.ORG ")

    assert error_codes(answer) == ["EMAIL_TAKEN"]
    assert payload(answer)["errors"][0]["field"] == ["input", "email"]
    assert User.objects.count() == 1
    assert viewer_email(api) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "too short"),
        ("3 words", "too short"),
        ("password123", "too common"),
        ("8295173046", "entirely numeric"),
        ("carol.jones@example", "too similar"),
        ("long words " * 100, "too long"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(api: Api, password: str, reason: str) -> None:
    answer = api.register("carol.jones@example.org", password)

    assert error_codes(answer) == ["PASSWORD_REJECTED"]
    assert reason in payload(answer)["errors"][0]["message"]
    assert payload(answer)["errors"][0]["field"] == ["input", "password"]
    assert User.objects.count() == 0


def test_registering_within_a_session_begins_that_of_the_new_account(alice: Api) -> None:
    alice.register("carol@example.org")

    assert viewer_email(alice) == "carol@example.org"


def test_no_mail_is_sent(api: Api) -> None:
    api.register("carol@example.org")

    assert mail.outbox == []


def test_a_password_with_spaces_and_other_letters_is_kept_as_it_is(api: Api) -> None:
    password = "  Größe 🐈 πάντα  "
    api.register("carol@example.org", password)
    mutate(api, "logOut")

    answer = mutate(api, "logIn", email="carol@example.org", password=password.strip())
    assert error_codes(answer) == ["CREDENTIALS_INVALID"]

    answer = mutate(api, "logIn", email="carol@example.org", password=password)
    assert error_codes(answer) == []
