"""The attacker wants thousands of accounts: each has a quota, and costs a slow hash and a row."""

from pytest_django import Settings

from server.accounts.models import User
from tests.support.api import Answer, Api
from tests.support.attackers import at, let_windows_end
from tests.support.mutations import error_codes


def register(client: Api, number: int) -> Answer:
    return client.register(f"user{number}@example.org")


def test_one_address_makes_so_many_accounts_in_an_hour(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 3
    for number in range(3):
        assert error_codes(register(api, number)) == []

    refused = register(api, 4)

    assert refused.codes == ["RATE_LIMITED"]
    assert refused.body["data"] == {"register": None}
    assert User.objects.count() == 3


def test_the_refusal_tells_programs_when_to_come_again(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 0

    refused = register(api, 1)

    [error] = refused.body["errors"]
    assert error["extensions"] == {"code": "RATE_LIMITED", "retryAfterSeconds": 3600}
    assert refused.http["Retry-After"] == "3600"
    assert error["message"] == (
        "This was tried too often from your network address; try again later."
    )


def test_aliases_of_one_document_are_counted_one_by_one(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 2
    fields = " ".join(
        f'a{number}: register(input: {{email: "u{number}@example.org", password: "long words 7"}})'
        " { errors { code } }"
        for number in range(5)
    )

    answer = api.execute(f"mutation {{ {fields} }}")

    assert answer.codes == ["RATE_LIMITED"] * 3
    assert User.objects.count() == 2


def test_another_address_is_not_refused(api: Api, new_api: type[Api], settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1
    register(api, 1)
    assert register(api, 2).codes == ["RATE_LIMITED"]

    assert error_codes(register(at(new_api(), 7), 3)) == []


def test_a_forged_address_is_no_other_one(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1
    register(api, 1)
    api.http.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.9"

    assert register(api, 2).codes == ["RATE_LIMITED"]


def test_asking_which_addresses_are_taken_is_counted_too(
    alice: Api, api: Api, settings: Settings
) -> None:
    settings.REGISTRATIONS_PER_HOUR = 3  # one of them was hers
    codes = [api.register("alice@example.org") for _ in range(3)]

    assert [error_codes(answer) for answer in codes[:2]] == [["EMAIL_TAKEN"]] * 2
    assert codes[2].codes == ["RATE_LIMITED"]


def test_a_password_that_is_refused_uses_up_nothing(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1
    for _ in range(5):
        assert error_codes(api.register("carol@example.org", "12345678")) == ["PASSWORD_REJECTED"]

    assert error_codes(api.register("carol@example.org")) == []


def test_an_hour_later_there_are_new_ones(api: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 1
    register(api, 1)
    let_windows_end()

    assert error_codes(register(api, 2)) == []


def test_whoever_has_an_account_is_not_touched_by_it(alice: Api, settings: Settings) -> None:
    settings.REGISTRATIONS_PER_HOUR = 0

    assert alice.execute("{ viewer { email } }").data["viewer"]["email"] == "alice@example.org"
