"""The attacker wants one account, and has a botnet: a new network address for every guess."""

from collections.abc import Callable

import pytest
from django.test import Client

from server.accounts.known_browser import COOKIE_NAME
from server.accounts.models import ThrottleWindow, User
from server.accounts.password_backend import (
    IN_SESSION,
    OF_ACCOUNT,
    OF_ACCOUNT_FROM_ADDRESS,
    OF_KNOWN_BROWSER,
)
from server.accounts.throttle import _key
from tests.support.api import PASSWORD, Api
from tests.support.attackers import at, guesses_from_everywhere, let_windows_end
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email
from tests.support.threads import at_once

EMAIL = "alice@example.org"
BEYOND = OF_ACCOUNT.tries + 5


def test_guesses_end_although_each_comes_from_another_address(alice: Api, api: Api) -> None:
    codes = guesses_from_everywhere(api, EMAIL, BEYOND)

    assert codes == ["CREDENTIALS_INVALID"] * OF_ACCOUNT.tries + ["TOO_MANY_ATTEMPTS"] * 5


def test_beyond_them_no_password_is_even_looked_at(
    alice: Api, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    guesses_from_everywhere(api, EMAIL, OF_ACCOUNT.tries)
    monkeypatch.setattr(User, "check_password", lambda *_: pytest.fail("looked at"))

    assert error_codes(log_in(at(api, 900), EMAIL)) == ["TOO_MANY_ATTEMPTS"]


def test_the_owner_is_not_locked_out_of_a_browser_that_the_account_knows(
    alice: Api, api: Api
) -> None:
    mutate(alice, "logOut")
    guesses_from_everywhere(api, EMAIL, BEYOND)

    assert error_codes(log_in(at(alice, 901), EMAIL)) == []


def test_an_account_without_such_a_browser_is_opened_by_a_reset(
    alice: Api, api: Api, new_api: type[Api], mailoutbox: list[object]
) -> None:
    guesses_from_everywhere(api, EMAIL, BEYOND)
    owner = at(new_api(), 902)
    assert error_codes(log_in(owner, EMAIL)) == ["TOO_MANY_ATTEMPTS"]

    mutate(owner, "requestPasswordReset", email=EMAIL)
    code = mailoutbox[0].body.split("?token=")[1].split()[0]  # type: ignore[attr-defined]
    mutate(owner, "resetPassword", resetToken=code, newPassword="another horse 9")
    # The attacker goes on at once; the browser of the reset is known by now.
    guesses_from_everywhere(api, EMAIL, BEYOND)

    assert error_codes(log_in(owner, EMAIL, "another horse 9")) == []


def test_one_address_alone_can_not_lock_an_account_elsewhere(
    alice: Api, api: Api, new_api: type[Api]
) -> None:
    for number in range(OF_ACCOUNT.tries + 5):
        log_in(api, EMAIL, f"guess {number}")
        if number % OF_ACCOUNT_FROM_ADDRESS.of_client.tries == 0 and number < 20:
            let_windows_end(OF_ACCOUNT_FROM_ADDRESS.of_client)  # a quarter of an hour later

    assert error_codes(log_in(at(new_api(), 903), EMAIL)) == []


def test_a_known_browser_that_was_stolen_has_no_endless_guesses(alice: Api, api: Api) -> None:
    mutate(alice, "logOut")
    api.http.cookies[COOKIE_NAME] = alice.http.cookies[COOKIE_NAME].value

    codes = guesses_from_everywhere(api, EMAIL, BEYOND)

    assert codes[-1] == "TOO_MANY_ATTEMPTS"
    assert codes.count("CREDENTIALS_INVALID") == OF_KNOWN_BROWSER.tries


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "known:1abcde:signature", "a" * 4000, ":", "1:1:1:1", "\xe9\xff"],
)
def test_a_cookie_that_was_made_up_knows_nothing(alice: Api, api: Api, cookie: str) -> None:
    guesses_from_everywhere(api, EMAIL, OF_ACCOUNT.tries)
    api.http.cookies[COOKIE_NAME] = cookie

    assert error_codes(log_in(at(api, 904), EMAIL)) == ["TOO_MANY_ATTEMPTS"]


def test_the_cookie_of_ones_own_account_is_no_help_with_another(alice: Api, bob: Api) -> None:
    codes = guesses_from_everywhere(bob, EMAIL, BEYOND)

    assert codes[-1] == "TOO_MANY_ATTEMPTS"


def test_the_cookie_is_kept_from_scripts_and_tells_nobody_whose_it_is(alice: Api) -> None:
    cookie = alice.http.cookies[COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert "alice" not in cookie.value
    assert viewer_email(alice) == EMAIL
    del alice.http.cookies["sessionid"]
    assert viewer_email(alice) is None


def test_only_a_success_makes_a_browser_known(alice: Api, api: Api) -> None:
    log_in(api, EMAIL, "wrong")
    mutate(api, "requestPasswordReset", email=EMAIL)
    mutate(api, "resetPassword", resetToken="MQ.x", newPassword="another horse 9")

    assert COOKIE_NAME not in api.http.cookies


def test_logging_in_rightly_uses_up_nothing(alice: Api, new_api: type[Api]) -> None:
    codes = [
        error_codes(log_in(at(new_api(), number), EMAIL)) for number in range(OF_ACCOUNT.tries + 2)
    ]

    assert codes == [[]] * len(codes)


def test_guesses_at_once_are_all_counted(transactional_db: None, new_api: type[Api]) -> None:
    User.objects.create_user(EMAIL, PASSWORD)
    guesses_from_everywhere(new_api(), EMAIL, OF_ACCOUNT.tries - 2)
    clients = [at(new_api(), 100 + number) for number in range(5)]

    answers = at_once([lambda c=c: log_in(c, EMAIL, "wrong") for c in clients])

    codes = sorted(error_codes(answer)[0] for answer in answers)
    assert codes == ["CREDENTIALS_INVALID"] * 2 + ["TOO_MANY_ATTEMPTS"] * 3


def test_the_tries_come_back_after_an_hour(alice: Api, api: Api, new_api: type[Api]) -> None:
    guesses_from_everywhere(api, EMAIL, BEYOND)
    let_windows_end()

    assert error_codes(log_in(at(new_api(), 905), EMAIL)) == []


def test_the_answer_says_how_long_to_wait(alice: Api, api: Api) -> None:
    guesses_from_everywhere(api, EMAIL, OF_ACCOUNT.tries)

    [error] = payload(log_in(at(api, 906), EMAIL))["errors"]

    assert error["message"] == (
        "Too many wrong passwords. Try again in 60 minutes, or reset the password."
    )


def test_a_stolen_session_can_not_guess_from_many_addresses_either(alice: Api) -> None:
    codes = [
        error_codes(mutate(at(alice, number), "deleteAccount", currentPassword="wrong"))[0]
        for number in range(IN_SESSION.tries + 1)
    ]

    assert codes == ["PASSWORD_INCORRECT"] * IN_SESSION.tries + ["TOO_MANY_ATTEMPTS"]
    assert User.objects.filter(email=EMAIL).exists()


def test_the_admin_is_under_the_same_limit(db: None) -> None:
    User.objects.create_superuser("root@example.org", PASSWORD)

    def try_admin(number: int, password: str) -> int:
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        form = {"username": "Root@Example.org ", "password": password}
        return client.post("/admin/login/?next=/admin/", form).status_code

    assert try_admin(1, PASSWORD) == 302
    for number in range(OF_ACCOUNT.tries):
        assert try_admin(number, "wrong") == 200

    assert try_admin(200, PASSWORD) == 200  # the form again


STRANGERS = [
    # From the owner's own network, a few, and then from everywhere.
    lambda api: [log_in(api, EMAIL, f"guess {number}") for number in range(8)],
    lambda api: guesses_from_everywhere(api, EMAIL, BEYOND),
]


@pytest.mark.parametrize("guess", STRANGERS)
def test_a_stranger_locks_nobody_out_of_a_live_session(
    alice: Api, api: Api, guess: Callable[[Api], object]
) -> None:
    guess(api)
    assert error_codes(log_in(at(api, 0), EMAIL)) != [] or guess is STRANGERS[0]

    new = "another horse battery 8"
    changed = mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=new)
    assert error_codes(changed) == []
    guess(api)
    assert error_codes(mutate(alice, "deleteAccount", currentPassword=new)) == []


@pytest.mark.parametrize("guess", STRANGERS)
def test_a_stranger_locks_nobody_out_of_a_known_browser(
    alice: Api, api: Api, guess: Callable[[Api], object]
) -> None:
    mutate(alice, "logOut")
    guess(api)

    assert error_codes(log_in(alice, EMAIL)) == []


def test_a_session_that_lost_the_known_browser_goes_on(alice: Api, api: Api) -> None:
    del alice.http.cookies[COOKIE_NAME]
    guesses_from_everywhere(api, EMAIL, BEYOND)

    assert error_codes(mutate(alice, "deleteAccount", currentPassword=PASSWORD)) == []


def test_the_session_of_another_account_brings_no_tries(alice: Api, bob: Api) -> None:
    codes = [error_codes(log_in(bob, EMAIL, "wrong"))[0] for _ in range(6)]

    assert codes == ["CREDENTIALS_INVALID"] * 5 + ["TOO_MANY_ATTEMPTS"]


def test_nothing_of_the_tries_stays_when_the_account_is_deleted(
    alice: Api, new_api: type[Api]
) -> None:
    guesses_from_everywhere(new_api(), EMAIL, 3)
    of_account = ThrottleWindow.objects.filter(key=_key(OF_ACCOUNT, EMAIL))
    assert of_account.exists()

    mutate(alice, "deleteAccount", currentPassword=PASSWORD)

    assert not of_account.exists()
