import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.needs(Offer.MANAGEMENT)]


@pytest.fixture
def page(visit: Visit, account: Account) -> Page:
    """The page of somebody's account."""
    visitor = visit(account, for_developers=True, permissions=["clipboard-read", "clipboard-write"])
    return visitor.open("#/account")


@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_a_token_is_made_copied_used_elsewhere_and_revoked(page: Page, account: Account) -> None:
    tokens = page.locator("token-list")
    page.get_by_text("Create a token").click()
    page.get_by_label("What it’s for").fill("Nightly import")
    page.get_by_label("Get answers for photos").uncheck()
    page.get_by_label("30 days").check()
    page.get_by_role("button", name="Create token").click()
    expect(tokens.get_by_text("it is never shown again")).to_be_visible()
    tokens.locator(".secret").get_by_role("button", name="Copy").click()
    expect(tokens.get_by_role("button", name="Copied")).to_be_visible()
    secret = page.evaluate("() => navigator.clipboard.readText()")
    item = tokens.get_by_role("listitem").filter(has_text="Nightly import")
    expect(item).to_contain_text("Read the history")
    expect(item).not_to_contain_text("Get answers for photos")
    expect(item).to_contain_text("never used, works until")

    assert secret.startswith("tt_")
    assert account.status_with(secret) == 200
    page.get_by_role("button", name="Done").click()
    assert secret not in page.content()
    page.reload()
    expect(item).to_contain_text("last used just now")
    assert secret not in page.content()

    item.get_by_role("button", name="Revoke Nightly import").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    assert account.status_with(secret) == 200
    item.get_by_role("button", name="Revoke Nightly import").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()
    expect(item).to_contain_text("Revoked")
    assert account.status_with(secret) == 401


def test_a_token_that_may_do_nothing_is_refused_with_a_sentence(page: Page) -> None:
    page.get_by_text("Create a token").click()
    page.get_by_label("What it’s for").fill("Nothing")
    page.get_by_label("Get answers for photos").uncheck()
    page.get_by_label("Read the history").uncheck()
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_text("Choose at least one thing the token may do.")).to_be_visible()
