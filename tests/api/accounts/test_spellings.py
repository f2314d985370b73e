"""One mailbox is one account and one password one password, on whichever keyboard."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.db import connection

from server.accounts.models import User
from server.accounts.password_backend import OF_ACCOUNT
from tests.support.api import PASSWORD, Api
from tests.support.attackers import guesses_from_everywhere
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email

ANNA = "anna@müller.example"
COMPOSED, APART, WIDE = (
    "Gr\u00f6\u00dfe \u00e9t\u00e9 9",
    "Gro\u0308\u00dfe e\u0301te\u0301 9",
    "Gr\u00f6\u00dfe \u00e9t\u00e9\u3000\uff19",
)


@pytest.mark.parametrize(
    "email",
    ["anna@xn--mller-kva.example", "Anna@MU\u0308LLER.example", "anna@m\u00fcller\u3002example"],
)
def test_another_spelling_of_an_address_is_the_same_account(
    api: Api, new_api: type[Api], email: str
) -> None:
    assert payload(api.register(ANNA))["user"]["email"] == ANNA

    assert error_codes(new_api().register(email)) == ["EMAIL_TAKEN"]
    other = new_api()
    assert error_codes(log_in(other, email)) == []
    assert viewer_email(other) == ANNA


def test_a_known_browser_is_known_by_whichever_spelling(api: Api, new_api: type[Api]) -> None:
    api.register(ANNA)
    mutate(api, "logOut")
    guesses_from_everywhere(new_api(), ANNA, OF_ACCOUNT.tries)
    xn = "Anna@xn--mller-kva.example"
    assert error_codes(log_in(new_api(), xn)) == ["TOO_MANY_ATTEMPTS"]

    assert error_codes(log_in(api, xn)) == []


def test_mail_goes_to_the_domain_as_mail_servers_know_it(
    api: Api, mailoutbox: list[EmailMessage]
) -> None:
    api.register("anna@fa\u00df.example")
    mutate(api, "requestPasswordReset", email="anna@FA\u00df.example")

    assert [message.to for message in mailoutbox] == [["anna@xn--fa-hia.example"]]


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d", "\u00ad", "\u202e", "\ufeff", "\u3164"])
@pytest.mark.parametrize("form", ["carol@exam{}ple.org", "ca{}rol@example.org"])
def test_an_address_with_what_nobody_sees_is_none(api: Api, unseen: str, form: str) -> None:
    assert error_codes(api.register(form.format(unseen))) == ["EMAIL_INVALID"]
    asked = mutate(api, "requestPasswordReset", email=form.format(unseen))
    assert error_codes(asked) == ["EMAIL_INVALID"]
    assert User.objects.count() == 0


@pytest.mark.parametrize("typed", [COMPOSED, APART, WIDE])
@pytest.mark.parametrize("kept", [COMPOSED, APART, WIDE])
def test_a_password_is_the_same_however_its_letters_are_composed(
    api: Api, new_api: type[Api], kept: str, typed: str
) -> None:
    assert error_codes(api.register("carol@example.org", kept)) == []

    assert error_codes(log_in(new_api(), "carol@example.org", typed)) == []
    assert error_codes(mutate(api, "deleteAccount", currentPassword=typed)) == []


def test_a_new_password_with_what_nobody_sees_is_refused_by_name(alice: Api, api: Api) -> None:
    registered = api.register("carol@example.org", "long\u200bwords 7")
    changed = mutate(
        alice, "changePassword", currentPassword=PASSWORD, newPassword="long\u202ewords 7"
    )

    for answer, name in ((registered, "U+200B"), (changed, "U+202E")):
        assert error_codes(answer) == ["PASSWORD_REJECTED"]
        assert f"a character that can't be seen ({name})" in payload(answer)["errors"][0]["message"]


@pytest.mark.parametrize("letter", ["\ufdfa", "\u3300"])  # of which NFKC makes 18 and 4
def test_a_password_that_grows_is_bounded_in_the_form_that_is_kept(api: Api, letter: str) -> None:
    answer = api.register("carol@example.org", letter * 400)

    assert error_codes(answer) == ["PASSWORD_REJECTED"]
    assert "too long" in payload(answer)["errors"][0]["message"]


# Accounts of older versions, which kept what was typed


def stored(email: str, password: str) -> User:
    """An account as an older version kept it: address and hash of what was typed."""
    user = User.objects.create_user("to.be@example.org")
    User.objects.filter(pk=user.pk).update(email=email, password=make_password(password))
    return User.objects.get()


@pytest.mark.parametrize("password", [APART, WIDE, "zero\u200bwidth 77"])
def test_a_hash_of_what_was_typed_still_opens_its_account(
    api: Api, new_api: type[Api], password: str
) -> None:
    user = stored("carol@example.org", password)

    assert error_codes(log_in(api, "carol@example.org", "wrong")) == ["CREDENTIALS_INVALID"]
    assert error_codes(log_in(api, "carol@example.org", password)) == []
    assert viewer_email(api) == "carol@example.org"
    if password == APART:
        # It was replaced by that of the one form, so that any keyboard opens it now.
        assert User.objects.get().password != user.password
        assert error_codes(log_in(new_api(), "carol@example.org", COMPOSED)) == []


def test_a_session_outlives_the_hash_that_asking_for_the_password_replaced(api: Api) -> None:
    user = stored("carol@example.org", APART)
    api.http.force_login(user, "server.accounts.password_backend.PasswordBackend")
    api.execute("{ viewer { id } }")
    api.http.get("/graphql", headers={"Accept": "text/html"})  # for the CSRF cookie

    refused = mutate(api, "changePassword", currentPassword=APART, newPassword="1")

    assert error_codes(refused) == ["PASSWORD_REJECTED"]
    assert User.objects.get().password != user.password
    assert viewer_email(api) == "carol@example.org"


@pytest.mark.parametrize(
    "email", ["carol@exam\u200bple.org", "\u017fam@example.org", "anna@xn--mller-kva.example"]
)
def test_an_address_as_it_was_typed_still_names_its_account(api: Api, email: str) -> None:
    stored(email, PASSWORD)

    assert error_codes(log_in(api, email)) == []
    assert viewer_email(api) == email


def test_two_accounts_that_were_told_apart_before_still_are(api: Api, new_api: type[Api]) -> None:
    stored("\u017fam@example.org", "the password of one 7")
    User.objects.create_user("sam@example.org", "the password of two 8")

    of_one = log_in(api, "\u017fam@example.org", "the password of one 7")
    of_two = log_in(new_api(), "sam@example.org", "the password of two 8")

    assert error_codes(of_one) == error_codes(of_two) == []
    assert payload(of_one)["user"]["id"] != payload(of_two)["user"]["id"]


def test_an_account_in_an_older_spelling_can_not_be_made_a_second_time(api: Api) -> None:
    stored("anna@xn--mller-kva.example", PASSWORD)

    assert error_codes(api.register(ANNA)) == ["EMAIL_TAKEN"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        assert cursor.fetchone() == (1,)
