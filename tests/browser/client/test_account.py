"""Coming in, changing the way in, and leaving."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.support.client_account import Account
from tests.support.client_deployments import Deployments

pytestmark = [pytest.mark.browser, pytest.mark.live]
with_credentials = pytest.mark.needs(Offer.CREDENTIALS)
with_management = pytest.mark.needs(Offer.MANAGEMENT)

NEW_PASSWORD = "a wholly different phrase 7"
RESET_CODE = r"#/reset-password\?token=(\S+)"
E_MAIL_TIMEOUT_SECONDS = 10


@with_credentials
def test_registering_says_what_is_wrong_beside_the_field(visit: Visit, account: Account) -> None:
    page = visit().open("#/register")
    _fill(page, "newcomer@example.net", "password")
    page.get_by_role("button", name="Create account").click()
    password = page.get_by_label("Password", exact=True)
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("too common")).not_to_have_count(0)

    reveal = page.get_by_role("button", name="Show password")
    expect(reveal).to_have_text("Show")
    reveal.click()
    expect(password).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide password")).to_have_text("Hide")
    _fill(page, account.email, account.password)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("There’s already an account with this e-mail address.")).to_be_visible()
    expect(password).not_to_have_attribute("aria-invalid", "true")
    page.locator("entry-form").get_by_role("link", name="Sign in").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


@with_credentials
@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_a_deep_link_is_kept_through_logging_in(visit: Visit, account: Account) -> None:
    page = visit().open("#/history?order=OLDEST")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
    _fill(page, account.email, "wrong password 1")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    _fill(page, account.email, account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()
    assert page.url.endswith("#/history?order=OLDEST")


@with_management
@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_a_changed_password_logs_every_other_device_out(visit: Visit, account: Account) -> None:
    page = visit(account).open("#/account")
    form = page.locator("section", has=page.get_by_role("heading", name="Password", exact=True))
    form.get_by_label("Current password").fill("wrong")
    form.get_by_label("New password").fill(NEW_PASSWORD)
    form.get_by_role("button", name="Change password").click()
    expect(form.get_by_text("That isn’t your current password.")).to_be_visible()
    form.get_by_label("Current password").fill(account.password)
    form.get_by_role("button", name="Change password").click()
    expect(form.get_by_role("status")).to_contain_text("Your password is changed.")
    expect(form.get_by_label("New password")).to_have_value("")

    page.reload()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    other = visit(account).open("#/account")
    expect(other.get_by_role("heading", name="Welcome back")).to_be_visible()
    _fill(other, account.email, NEW_PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Your account")).to_be_visible()


@with_management
def test_a_changed_password_revokes_the_tokens_where_that_is_ticked(
    visit: Visit, account: Account
) -> None:
    account.new_token()
    page = visit(account).open("#/account")
    form = page.locator("section", has=page.get_by_role("heading", name="Password", exact=True))
    usable = page.locator("token-list li[data-state=usable]")
    expect(usable).to_have_count(1)

    for old, new, ticked in (
        (account.password, NEW_PASSWORD, False),
        (NEW_PASSWORD, account.password, True),
    ):
        form.get_by_label("Current password").fill(old)
        form.get_by_label("New password").fill(new)
        form.get_by_label("Revoke all my tokens too").set_checked(ticked)
        form.get_by_role("button", name="Change password").click()
        expect(form.get_by_label("New password")).to_have_value("")
        expect(usable).to_have_count(0 if ticked else 1)
    expect(form.get_by_label("Revoke all my tokens too")).not_to_be_checked()


@with_credentials
def test_a_forgotten_password_is_set_anew_by_the_link_of_the_e_mail(
    visit: Visit, account: Account, deployed: Deployments
) -> None:
    page = visit().open("#/log-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_role("button", name="Send code").click()
    expect(page.get_by_text("a code is on its way")).to_be_visible()

    page = visit().open(f"#/reset-password?token={_code_for(account.email, deployed.site.log)}")
    page.get_by_label("New password").fill("12345678")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("entirely numeric")).not_to_have_count(0)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Your new password is set.")).to_be_visible()
    _fill(page, account.email, NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()

    page.goto("/#/reset-password?token=nonsense")
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("This code is wrong, already used")).to_be_visible()


@with_management
@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_a_deleted_account_is_gone_with_everything(visit: Visit, account: Account) -> None:
    token = account.new_token()
    page = visit(account).open("#/account")
    page.get_by_text("I want to leave").click()
    password = page.get_by_label("Your password, to confirm")
    password.fill("wrong")
    page.get_by_role("button", name="Delete account").click()
    expect(page.get_by_text("That isn’t your current password.")).to_be_visible()
    password.fill(account.password)
    page.get_by_role("button", name="Delete account").click()
    expect(page.get_by_text("Your account is deleted")).to_be_visible()

    _fill(page, account.email, account.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The e-mail address or the password is wrong.")).to_be_visible()
    assert account.status_with(token) == 401


def _fill(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)


def _code_for(email: str, log: Path) -> str:
    """The code of the latest e-mail to somebody."""
    deadline = time.monotonic() + E_MAIL_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        _, _, letter = log.read_text().rpartition(f"To: {email}")
        if code := re.search(RESET_CODE, letter):
            return code[1]
    raise AssertionError(f"{email} got no e-mail")
