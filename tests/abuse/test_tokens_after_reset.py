"""The attacker knew the password, or had registered the address first, and kept a token."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from server.accounts.models import ApiToken, User
from server.accounts.password_backend import OF_ACCOUNT, OF_ACCOUNT_FROM_ADDRESS
from tests.support.api import PASSWORD, Api
from tests.support.attackers import guesses_from_everywhere
from tests.support.mutations import error_codes, log_in, mutate, viewer_email
from tests.support.row_waits import wait_for_waiting
from tests.support.threads import TIMEOUT_SECONDS, start

EMAIL = "alice@example.org"
NEW = "another horse battery 8"
CREATE = (
    "mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input)"
    " { secret errors { code } } }"
)


def reset(owner: Api, mailoutbox: list[EmailMessage], password: str = NEW) -> list[str]:
    """Have the owner of the mailbox set a new password; the codes of the answer."""
    mutate(owner, "requestPasswordReset", email=EMAIL)
    (code,) = re.findall(r"^ {4}([\w-]+\.[\w-]+)$", mailoutbox[-1].body, re.MULTILINE)
    return error_codes(mutate(owner, "resetPassword", resetToken=code, newPassword=password))


def test_a_reset_ends_every_token_that_somebody_made_before(
    alice: Api, bob: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    tokens = [alice.create_token("READ"), alice.create_token("READ", "PREDICT")]
    of_bob = bob.create_token("READ")

    assert reset(api, mailoutbox) == []

    for token in tokens:
        assert api.execute("{ viewer { email } }", token=token).status == 401
    assert viewer_email(api, token=of_bob) == "bob@example.org"
    listed = "{ viewer { apiTokens { name revokedAt } } }"
    log_in(api, EMAIL, NEW)
    shown = api.execute(listed).data["viewer"]["apiTokens"]
    assert all(token["revokedAt"] for token in shown)


def test_a_reset_that_is_refused_ends_none(
    alice: Api, api: Api, mailoutbox: list[EmailMessage]
) -> None:
    token = alice.create_token("READ")

    assert reset(api, mailoutbox, "12345678") == ["PASSWORD_REJECTED"]

    assert viewer_email(api, token=token) == EMAIL


def test_browsers_that_knew_the_old_password_have_no_tries_of_their_own_for_the_new_one(
    alice: Api, api: Api, new_api: type[Api], mailoutbox: list[EmailMessage]
) -> None:
    collected = [new_api() for _ in range(3)]
    for browser in collected:
        assert error_codes(log_in(browser, EMAIL)) == []
    assert reset(api, mailoutbox) == []

    codes = [error_codes(log_in(each, EMAIL, "wrong"))[0] for each in collected for _ in range(3)]

    of_strangers = OF_ACCOUNT_FROM_ADDRESS.of_client.tries
    assert codes == ["CREDENTIALS_INVALID"] * of_strangers + ["TOO_MANY_ATTEMPTS"] * 4
    assert error_codes(log_in(api, EMAIL, NEW)) == []


def test_the_browser_of_a_change_stays_known(alice: Api, new_api: type[Api]) -> None:
    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=NEW)
    mutate(alice, "logOut")
    guesses_from_everywhere(new_api(), EMAIL, OF_ACCOUNT.tries)

    assert error_codes(log_in(alice, EMAIL, NEW)) == []


def test_the_mutations_say_so(api: Api) -> None:
    described = api.execute(
        '{ __type(name: "Mutation") { fields { name description } }'
        ' change: __type(name: "ChangePasswordInput") {'
        " inputFields { name defaultValue type { kind ofType { name } } } } }"
    ).data

    says = {field["name"]: field["description"] for field in described["__type"]["fields"]}
    assert "every personal access token is revoked" in says["resetPassword"]
    assert "Personal access tokens work on unless `revokeTokens`" in says["changePassword"]
    (option,) = (
        each for each in described["change"]["inputFields"] if each["name"] == "revokeTokens"
    )
    assert (option["defaultValue"], option["type"]["ofType"]["name"]) == ("false", "Boolean")


@pytest.mark.parametrize(("options", "survives"), [({}, True), ({"revokeTokens": True}, False)])
def test_a_change_of_the_password_ends_them_where_it_is_told_to(
    alice: Api, api: Api, options: dict[str, bool], survives: bool
) -> None:
    token = alice.create_token("READ")

    answer = mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword=NEW, **options)

    assert error_codes(answer) == []
    assert (api.execute("{ viewer { id } }", token=token).status == 200) is survives
    assert viewer_email(alice) == EMAIL
    assert alice.create_token("READ").startswith("tt_")


def test_a_change_that_is_refused_ends_none(alice: Api, api: Api) -> None:
    token = alice.create_token("READ")

    mutate(alice, "changePassword", currentPassword="no", newPassword=NEW, revokeTokens=True)
    mutate(alice, "changePassword", currentPassword=PASSWORD, newPassword="1", revokeTokens=True)

    assert viewer_email(api, token=token) == EMAIL


def test_a_token_that_is_made_while_the_password_is_reset_is_not_made(
    transactional_db: None, new_api: type[Api]
) -> None:
    attacker = new_api()
    attacker.register(EMAIL)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            user = User.objects.select_for_update().get()
            making = start(
                pool,
                lambda: attacker.execute(CREATE, input={"name": "kept", "scopes": ["READ"]}),
            )
            wait_for_waiting(1)
            user.set_password(NEW)
            user.save()
        answer = making.result(TIMEOUT_SECONDS)

    assert answer.codes == ["UNAUTHENTICATED"]
    assert not ApiToken.objects.exists()


def test_a_change_by_the_old_password_does_not_undo_a_reset_that_came_between(
    transactional_db: None, new_api: type[Api]
) -> None:
    attacker = new_api()
    attacker.register(EMAIL)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            user = User.objects.select_for_update().get()
            changing = start(
                pool,
                lambda: mutate(
                    attacker, "changePassword", currentPassword=PASSWORD, newPassword="of mine 99"
                ),
            )
            wait_for_waiting(1)
            user.set_password(NEW)
            user.save()
        answer = changing.result(TIMEOUT_SECONDS)

    assert error_codes(answer) == ["PASSWORD_INCORRECT"]
    assert User.objects.get().check_password(NEW)
