"""What is left in a browser after somebody has logged out: nothing of theirs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live]

KEPT = """async () => {
  const addresses = [];
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    addresses.push(...requests.map(({ url }) => new URL(url).pathname));
  }
  return {
    addresses,
    storage: { ...localStorage, ...sessionStorage },
    databases: (await indexedDB.databases()).length,
  };
}"""
STATUS_FROM_CACHE = """async (path) =>
  (await fetch(path, { cache: "force-cache" })).status"""


def test_nothing_is_left_after_logging_out(visit: Visit, account: Account, cat: bytes) -> None:
    visitor = visit(account)
    page = visitor.open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    label = photos.label()
    page.get_by_role("link", name="History").click()
    thumbnail = page.get_by_role("list", name="Answers").locator("img")
    expect(thumbnail).to_have_js_property("naturalWidth", 224)
    crop = str(thumbnail.get_attribute("src"))
    _log_out(page)

    expect(page.get_by_text("You are logged out. Nothing of yours is left")).to_be_visible()
    assert label not in page.content()
    assert account.email not in page.content()
    while page.go_back() is None and page.url != "about:blank":
        expect(page.locator("site-header").get_by_role("link", name="Log in")).to_be_visible()
        assert label not in page.content()
    page.go_forward()
    kept = page.evaluate(KEPT)
    assert kept["storage"] == {}
    assert kept["databases"] == 0
    assert [path for path in kept["addresses"] if "graphql" in path or "predictions" in path] == []
    assert "sessionid" not in {cookie["name"] for cookie in visitor.context.cookies()}
    visitor.excuse("404")
    assert page.evaluate(STATUS_FROM_CACHE, crop) == 404


def test_the_other_tabs_are_logged_out_too(
    visit: Visit, collector: Account, account: Account
) -> None:
    visitor = visit(account)
    page = visitor.open("#/account")
    other = visitor.open("#/statistics")
    expect(other.get_by_role("heading", name="Statistics")).to_be_visible()
    _log_out(page)
    expect(other.get_by_role("heading", name="Welcome back")).to_be_visible()


def _log_out(page: Page) -> None:
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()
