"""The attacker sits behind the same proxy as everybody else, or pretends to.

The client on Vercel passes requests on, and all of them seem to come from Vercel. Neither guessing
nor registering nor resetting may be stopped for all by one of them.
"""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from server.accounts import password_backend
from server.accounts.models import ThrottleWindow, User
from server.accounts.password_backend import OF_ACCOUNT, OF_ACCOUNT_FROM_ADDRESS
from server.accounts.services import RESET_REQUESTS_FROM_ADDRESS, SHARED_REGISTRATIONS
from server.accounts.throttle import Limit
from tests.support.api import Answer, Api
from tests.support.attackers import let_windows_end
from tests.support.mutations import error_codes, log_in, mutate

EMAIL = "alice@example.org"
VERCEL, ATTACKER = "76.76.21.9", "198.51.100.66"
RENDER = "172.70.1.1, 10.0.0.1"  # what Render appends after the address it was called from


@pytest.fixture(autouse=True)
def client_on_vercel(settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 3
    settings.CLIENT_MAY_COME_BY_ANOTHER_HOST = True


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """As they are, a tenth of each, so that they can be met within a test."""

    def tenth(limit: Limit) -> Limit:
        return Limit(limit.name, limit.tries // 10, limit.period)

    full = password_backend.FROM_ADDRESS
    smaller = type(full)(tenth(full.of_client), tenth(full.of_shared))
    monkeypatch.setattr(password_backend, "FROM_ADDRESS", smaller)
    settings.REGISTRATIONS_PER_HOUR = 2


def through_vercel(client: Api, address: str) -> Api:
    """The same client, at an address that Vercel writes down."""
    client.http.defaults["HTTP_X_FORWARDED_FOR"] = f"{address}, {VERCEL}, {RENDER}"
    return client


def straight(client: Api, claimed: str = "") -> Api:
    """The attacker without Vercel, who writes what he likes before the address he has."""
    before = f"{claimed}, " if claimed else ""
    client.http.defaults["HTTP_X_FORWARDED_FOR"] = f"{before}{ATTACKER}, {RENDER}"
    return client


def forged(client: Api, number: int) -> Api:
    return straight(client, f"203.0.{number // 250}.{number % 250 + 1}")


def spray(client: Callable[[int], Api], count: int) -> list[str]:
    return [
        error_codes(log_in(client(number), f"user{number}@example.org", "Summer2026!"))[0]
        for number in range(count)
    ]


def test_who_guesses_at_many_accounts_stops_himself_and_nobody_beside_him(
    bob: Api, api: Api, new_api: type[Api], small_limits: None
) -> None:
    codes = spray(lambda _: through_vercel(api, ATTACKER), 30)

    assert codes == ["CREDENTIALS_INVALID"] * 10 + ["TOO_MANY_ATTEMPTS"] * 20
    stranger_to_bob = through_vercel(new_api(), "192.0.2.1")
    assert error_codes(log_in(stranger_to_bob, "bob@example.org")) == []


def test_who_guesses_at_one_account_leaves_its_owner_tries_in_a_new_browser(
    alice: Api, api: Api, new_api: type[Api]
) -> None:
    for _ in range(4):  # as many windows as fit in an hour
        for number in range(OF_ACCOUNT_FROM_ADDRESS.of_client.tries + 3):
            log_in(through_vercel(api, ATTACKER), EMAIL, f"guess {number}")
        let_windows_end(OF_ACCOUNT_FROM_ADDRESS.of_client)

    assert error_codes(log_in(through_vercel(new_api(), "192.0.2.1"), EMAIL)) == []


def test_who_registers_on_and_on_stops_himself_and_nobody_beside_him(
    api: Api, new_api: type[Api], small_limits: None
) -> None:
    answers = [
        through_vercel(new_api(), ATTACKER).register(f"user{number}@example.org")
        for number in range(6)
    ]

    assert [answer.codes for answer in answers] == [[]] * 2 + [["RATE_LIMITED"]] * 4
    assert error_codes(through_vercel(api, "192.0.2.1").register("carol@example.org")) == []


def test_who_asks_for_resets_on_and_on_stops_himself_and_nobody_beside_him(api: Api) -> None:
    def ask(address: str, number: int) -> Answer:
        client = through_vercel(api, address)
        return mutate(client, "requestPasswordReset", email=f"user{number}@example.org")

    for number in range(RESET_REQUESTS_FROM_ADDRESS.of_client.tries):
        assert ask(ATTACKER, number).codes == []

    assert ask(ATTACKER, 99).codes == ["RATE_LIMITED"]
    assert ask("192.0.2.1", 99).codes == []


def test_names_that_are_made_up_end_with_the_address_that_is_not(
    api: Api, new_api: type[Api], small_limits: None
) -> None:
    codes = spray(lambda number: forged(api, number), 105)

    assert codes == ["CREDENTIALS_INVALID"] * 100 + ["TOO_MANY_ATTEMPTS"] * 5
    assert spray(lambda _: through_vercel(new_api(), "192.0.2.1"), 1) == ["CREDENTIALS_INVALID"]


def test_names_that_are_made_up_lock_no_account_elsewhere(
    alice: Api, api: Api, new_api: type[Api]
) -> None:
    for number in range(OF_ACCOUNT.tries + 5):
        log_in(forged(api, number), EMAIL, "wrong")

    assert error_codes(log_in(through_vercel(new_api(), "192.0.2.1"), EMAIL)) == []


def test_names_that_are_made_up_bring_a_bounded_number_of_accounts(
    new_api: type[Api], settings: Settings
) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1
    answers = [
        forged(new_api(), number).register(f"user{number}@example.org") for number in range(12)
    ]

    refused = [answer.codes for answer in answers].count(["RATE_LIMITED"])
    assert refused == 12 - SHARED_REGISTRATIONS
    assert User.objects.count() == SHARED_REGISTRATIONS


def test_names_that_are_made_up_and_refused_leave_no_row_behind(
    new_api: type[Api], settings: Settings
) -> None:
    settings.REGISTRATIONS_PER_HOUR = 0
    for number in range(5):
        assert forged(new_api(), number).register("carol@example.org").codes == ["RATE_LIMITED"]

    assert ThrottleWindow.objects.count() == 0


@pytest.mark.parametrize("claimed", ["unknown", "<script>", "192.0.2.1:443", "x" * 3000])
def test_what_is_no_address_is_no_name_at_all(api: Api, small_limits: None, claimed: str) -> None:
    codes = spray(lambda _: straight(api, claimed), 11)

    assert codes == ["CREDENTIALS_INVALID"] * 10 + ["TOO_MANY_ATTEMPTS"]


def test_where_the_client_has_no_other_host_nothing_is_claimed(
    api: Api, small_limits: None, settings: Settings
) -> None:
    settings.CLIENT_MAY_COME_BY_ANOTHER_HOST = False
    codes = spray(lambda number: forged(api, number), 11)

    assert codes == ["CREDENTIALS_INVALID"] * 10 + ["TOO_MANY_ATTEMPTS"]
