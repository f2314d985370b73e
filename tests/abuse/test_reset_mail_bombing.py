"""The attacker wants somebody's mailbox flooded, or our mail server's good name ruined."""

from django.core.mail import EmailMessage

from server.accounts.services import RESET_CODES_TO_ACCOUNT, RESET_REQUESTS_FROM_ADDRESS
from tests.support.api import Api
from tests.support.attackers import at, let_windows_end
from tests.support.mutations import error_codes, mutate

EMAIL = "alice@example.org"
PER_ACCOUNT = RESET_CODES_TO_ACCOUNT.tries


def test_an_account_is_sent_few_codes_an_hour_from_however_many_addresses(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    answers = [mutate(at(api, number), "requestPasswordReset", email=EMAIL) for number in range(10)]

    assert len(mailoutbox) == PER_ACCOUNT
    assert {str(answer.body) for answer in answers} == {str(answers[0].body)}
    assert error_codes(answers[-1]) == []


def test_spellings_of_an_address_are_one_account(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    for spelling in ("Alice@example.org", "ALICE@EXAMPLE.ORG", " alice@example.org", EMAIL, EMAIL):
        mutate(api, "requestPasswordReset", email=spelling)

    assert len(mailoutbox) == PER_ACCOUNT


def test_the_owner_is_not_kept_from_resetting_by_a_stranger_who_asked_too_often(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    for number in range(10):
        mutate(at(api, number), "requestPasswordReset", email=EMAIL)

    code = mailoutbox[0].body.split("?token=")[1].split()[0]
    answer = mutate(api, "resetPassword", resetToken=code, newPassword="another horse 9")

    assert error_codes(answer) == []


def test_one_address_asks_for_few_codes_whatever_the_accounts(
    api: Api, mailoutbox: list[EmailMessage]
) -> None:
    limit = RESET_REQUESTS_FROM_ADDRESS.of_client.tries
    answers = [
        mutate(api, "requestPasswordReset", email=f"user{number}@example.org")
        for number in range(limit + 1)
    ]

    assert all(error_codes(answer) == [] for answer in answers[:limit])
    assert answers[limit].codes == ["RATE_LIMITED"]
    assert 3590 <= int(answers[limit].http["Retry-After"]) <= 3600


def test_an_hour_later_there_are_new_ones(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(PER_ACCOUNT):
        mutate(api, "requestPasswordReset", email=EMAIL)
    let_windows_end()

    mutate(api, "requestPasswordReset", email=EMAIL)

    assert len(mailoutbox) == PER_ACCOUNT + 1
