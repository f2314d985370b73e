"""The attacker wants any account, and tries one likely password on each of thousands."""

from server.accounts import password_backend
from server.accounts.password_backend import OF_ACCOUNT
from tests.support.api import Api
from tests.support.attackers import at
from tests.support.mutations import error_codes, log_in, mutate

FROM_ADDRESS = password_backend.FROM_ADDRESS.of_client


def spray(client: Api, count: int) -> list[str]:
    return [
        error_codes(log_in(client, f"user{number}@example.org", "Summer2026!"))[0]
        for number in range(count)
    ]


def test_one_address_has_so_many_wrong_passwords_whatever_the_accounts(api: Api) -> None:
    codes = spray(api, FROM_ADDRESS.tries + 3)

    assert codes == ["CREDENTIALS_INVALID"] * FROM_ADDRESS.tries + ["TOO_MANY_ATTEMPTS"] * 3


def test_it_is_then_refused_an_account_with_the_right_password_too(
    bob: Api, api: Api, new_api: type[Api]
) -> None:
    spray(api, FROM_ADDRESS.tries)

    assert error_codes(log_in(api, "bob@example.org")) == ["TOO_MANY_ATTEMPTS"]
    assert error_codes(log_in(at(new_api(), 1), "bob@example.org")) == []


def test_a_neighbour_at_the_same_address_goes_on_in_a_known_browser(bob: Api, api: Api) -> None:
    mutate(bob, "logOut")
    spray(api, FROM_ADDRESS.tries + 1)

    assert error_codes(log_in(bob, "bob@example.org")) == []


def test_a_refused_address_uses_up_no_tries_of_further_accounts(
    alice: Api, api: Api, new_api: type[Api]
) -> None:
    spray(api, FROM_ADDRESS.tries)
    for _ in range(OF_ACCOUNT.tries + 1):
        log_in(api, "alice@example.org", "wrong")

    assert error_codes(log_in(at(new_api(), 1), "alice@example.org")) == []


def test_the_addresses_of_an_ipv6_network_are_one(api: Api) -> None:
    codes = []
    for number in range(FROM_ADDRESS.tries + 1):
        api.http.defaults["REMOTE_ADDR"] = f"2001:db8:0:1::{number:x}"
        codes += [error_codes(log_in(api, f"user{number}@example.org", "Summer2026!"))[0]]

    assert codes[-1] == "TOO_MANY_ATTEMPTS"
