"""Guessing passwords: five tries, then a quarter of an hour, by account and client address."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from pytest_django import Settings

from server.accounts.models import ThrottleWindow, User
from server.accounts.password_backend import IN_SESSION, OF_ACCOUNT_FROM_ADDRESS
from tests.support.api import PASSWORD, Answer, Api
from tests.support.mutations import error_codes, log_in, mutate, payload, viewer_email

EMAIL = "alice@example.org"
CHANGE = {"newPassword": "another horse battery 8"}
TRIES = OF_ACCOUNT_FROM_ADDRESS.of_client.tries
ALL_AND_ONE = [*["CREDENTIALS_INVALID"] * TRIES, "TOO_MANY_ATTEMPTS"]


def guess(client: Api, times: int, email: str = EMAIL) -> list[str]:
    """Log in with wrong passwords; the code of each answer."""
    return [error_codes(log_in(client, email, f"guess {time}"))[0] for time in range(times)]


def test_five_wrong_passwords_lock(alice: Api, api: Api) -> None:
    assert TRIES == 5
    assert guess(api, TRIES + 1) == ALL_AND_ONE

    answer = log_in(api, EMAIL, "wrong again")
    assert payload(answer)["errors"][0]["message"] == (
        "Too many wrong passwords. Try again in 15 minutes, or reset the password."
    )


def test_programs_are_told_how_long_it_lasts(alice: Api, api: Api) -> None:
    guess(api, TRIES)

    locked = api.execute(
        "mutation ($input: LogInInput!) { logIn(input: $input) { errors { retryAfterSeconds } } }",
        input={"email": EMAIL, "password": PASSWORD},
    )

    [error] = payload(locked)["errors"]
    assert 14 * 60 < error["retryAfterSeconds"] <= 15 * 60


def test_the_right_password_is_refused_while_it_is_locked(alice: Api, api: Api) -> None:
    guess(api, TRIES)

    answer = log_in(api, EMAIL)

    assert error_codes(answer) == ["TOO_MANY_ATTEMPTS"]
    assert payload(answer)["user"] is None
    assert viewer_email(api) is None


def test_a_session_that_runs_goes_on(alice: Api, api: Api) -> None:
    guess(api, TRIES)

    assert viewer_email(alice) == EMAIL


def test_an_address_without_an_account_is_locked_as_well(api: Api) -> None:
    assert guess(api, TRIES + 1, "nobody@example.org") == ALL_AND_ONE


def test_other_spellings_of_the_address_are_the_same_one(alice: Api, api: Api) -> None:
    spellings = [
        "Alice@example.org",
        "ALICE@EXAMPLE.ORG",
        " alice@example.org ",
        "aLice@example.org",
        "\uff21lice@\uff45xample\uff0eorg",
    ]
    for spelling in spellings:
        guess(api, 1, spelling)

    assert guess(api, 1) == ["TOO_MANY_ATTEMPTS"]


def test_another_client_is_not_locked_out(alice: Api, new_api: type[Api]) -> None:
    attacker, elsewhere = new_api(), new_api()
    elsewhere.http.defaults["REMOTE_ADDR"] = "198.51.100.7"
    guess(attacker, TRIES)

    assert error_codes(log_in(elsewhere, EMAIL)) == []


def test_another_account_is_not_locked(alice: Api, bob: Api, api: Api) -> None:
    guess(api, TRIES)

    assert error_codes(log_in(api, "bob@example.org")) == []


def test_another_browser_at_the_same_address_has_no_more_guesses(
    alice: Api, new_api: type[Api]
) -> None:
    first, second = new_api(), new_api()
    first.http.defaults["HTTP_USER_AGENT"] = "a browser"
    second.http.defaults["HTTP_USER_AGENT"] = "another browser"
    guess(first, TRIES)

    assert guess(second, 1) == ["TOO_MANY_ATTEMPTS"]


def test_ends_after_a_quarter_of_an_hour(alice: Api, api: Api) -> None:
    guess(api, TRIES)

    let_time_pass(timedelta(minutes=14))
    assert error_codes(log_in(api, EMAIL)) == ["TOO_MANY_ATTEMPTS"]

    let_time_pass(timedelta(minutes=2))
    assert error_codes(log_in(api, EMAIL)) == []


def test_logging_in_forgets_the_wrong_passwords_before(alice: Api, api: Api) -> None:
    guess(api, 4)
    log_in(api, EMAIL)

    assert guess(api, 4) == ["CREDENTIALS_INVALID"] * 4


@pytest.mark.parametrize("mutation", ["changePassword", "deleteAccount"])
def test_a_stolen_session_can_not_guess_the_password(alice: Api, mutation: str) -> None:
    options = CHANGE if mutation == "changePassword" else {}

    codes = [
        error_codes(mutate(alice, mutation, currentPassword=f"guess {time}", **options))
        for time in range(IN_SESSION.tries)
    ]
    right = mutate(alice, mutation, currentPassword=PASSWORD, **options)

    assert codes == [["PASSWORD_INCORRECT"]] * IN_SESSION.tries
    assert error_codes(right) == ["TOO_MANY_ATTEMPTS"]
    assert User.objects.get().check_password(PASSWORD)


def test_guesses_in_a_session_count_together_wherever_they_are_made(alice: Api) -> None:
    for _ in range(IN_SESSION.tries // 3):
        log_in(alice, EMAIL, "wrong")
        mutate(alice, "changePassword", currentPassword="wrong", **CHANGE)
        mutate(alice, "deleteAccount", currentPassword="wrong")

    assert error_codes(log_in(alice, EMAIL)) == ["TOO_MANY_ATTEMPTS"]


def test_a_session_that_was_locked_is_replaced_by_logging_in_anew(alice: Api) -> None:
    for _ in range(IN_SESSION.tries + 1):
        mutate(alice, "deleteAccount", currentPassword="wrong")
    mutate(alice, "logOut")

    assert error_codes(log_in(alice, EMAIL)) == []
    assert error_codes(mutate(alice, "changePassword", currentPassword=PASSWORD, **CHANGE)) == []


def test_guesses_in_one_document_are_counted_one_by_one(alice: Api, api: Api) -> None:
    guess(api, TRIES - 4)
    fields = [f"m{time}: logIn(input: $input) {{ errors {{ code }} }}" for time in range(5)]
    answer = api.execute(
        f"mutation ($input: LogInInput!) {{ {' '.join(fields)} }}",
        input={"email": EMAIL, "password": "wrong"},
    )

    codes = [each["errors"][0]["code"] for each in answer.data.values()]
    assert codes == ALL_AND_ONE[-5:]


def test_a_locked_account_says_nothing_of_another_one_in_the_same_document(
    alice: Api, bob: Api, api: Api
) -> None:
    guess(api, TRIES)

    answer = api.execute(
        "mutation ($alice: LogInInput!, $bob: LogInInput!) {"
        " alice: logIn(input: $alice) { errors { code } }"
        " bob: logIn(input: $bob) { errors { code } } }",
        alice={"email": EMAIL, "password": PASSWORD},
        bob={"email": "bob@example.org", "password": "wrong"},
    )

    assert answer.data == {
        "alice": {"errors": [{"code": "TOO_MANY_ATTEMPTS"}]},
        "bob": {"errors": [{"code": "CREDENTIALS_INVALID"}]},
    }


def test_neither_password_nor_address_is_kept_of_a_guess(alice: Api, api: Api) -> None:
    document = (
        'mutation { logIn(input: {email: "%s", password: "a secret guess"}) { errors { code } } }'
    )
    form = {"operations": json.dumps({"query": document % "carol@example.org"}), "map": "{}"}

    log_in(api, "carol@example.org", "a secret guess")
    mutate(alice, "changePassword", currentPassword="a secret guess", **CHANGE)
    answer = Answer(alice.http.post("/graphql", form, headers=alice.headers()))

    assert error_codes(answer) == ["CREDENTIALS_INVALID"]
    kept = str([list(model.objects.values()) for model in apps.get_models()])
    assert ThrottleWindow.objects.exists()
    for text in ("secret", "carol", CHANGE["newPassword"], "127.0.0.1"):
        assert text not in kept


FORGERIES: list[tuple[int, Callable[[int], str]]] = [
    # With no proxy the header is the client's own invention.
    (0, lambda time: f"203.0.113.{time}"),
    # One proxy appends the true address to whatever the client wrote.
    (1, lambda time: f"203.0.113.{time}, 192.0.2.1"),
    (1, lambda time: f"203.0.113.{time}, 203.0.113.{time}, 192.0.2.1"),
    (2, lambda time: f"203.0.113.{time}, 192.0.2.1, 10.0.0.1"),
]


@pytest.mark.parametrize(("proxies", "header"), FORGERIES)
def test_a_forged_address_brings_no_further_guesses(
    alice: Api, api: Api, settings: Settings, proxies: int, header: Callable[[int], str]
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    codes = []
    for time in range(TRIES + 1):
        api.http.defaults["HTTP_X_FORWARDED_FOR"] = header(time)
        codes += guess(api, 1)

    assert codes == ALL_AND_ONE


@pytest.mark.parametrize(
    ("proxies", "header"), [(1, "192.0.2.{}"), (2, "192.0.2.{}, 10.0.0.1"), (1, "2001:db8:0:{}::1")]
)
def test_clients_behind_the_trusted_proxies_are_told_apart(
    alice: Api, api: Api, settings: Settings, proxies: int, header: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    api.http.defaults["HTTP_X_FORWARDED_FOR"] = header.format(1)
    guess(api, TRIES)

    api.http.defaults["HTTP_X_FORWARDED_FOR"] = header.format(2)

    assert error_codes(log_in(api, EMAIL)) == []


@pytest.mark.parametrize(
    "header", ["unknown", "192.0.2.1:50000", "192.0.2.1, ", "<script>", "x" * 4000]
)
def test_what_is_no_address_brings_neither_an_error_nor_guesses(
    alice: Api, api: Api, settings: Settings, header: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    api.http.defaults["HTTP_X_FORWARDED_FOR"] = header

    assert guess(api, TRIES + 1) == ALL_AND_ONE


def test_a_socket_without_an_address_is_protected_as_well(alice: Api, api: Api) -> None:
    api.http.defaults["REMOTE_ADDR"] = ""

    assert guess(api, TRIES + 1) == ALL_AND_ONE


def test_an_ipv6_client_has_one_network_and_not_its_many_addresses(alice: Api, api: Api) -> None:
    codes = []
    for time in range(TRIES + 1):
        api.http.defaults["REMOTE_ADDR"] = f"2001:db8::{time}"
        codes += guess(api, 1)

    assert codes[-1] == "TOO_MANY_ATTEMPTS"


def let_time_pass(time: timedelta) -> None:
    for window in ThrottleWindow.objects.all():
        ThrottleWindow.objects.filter(pk=window.pk).update(ends_at=window.ends_at - time)
