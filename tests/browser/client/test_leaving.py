"""What is left in a browser after somebody has logged out: nothing of theirs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment, Offer
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
IS_IN_CACHE = """async (address) => {
  try {
    return (await fetch(address, { cache: "force-cache" })).ok;
  } catch {
    return false; // a refusal of another origin that a page may not even read
  }
}"""


@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_nothing_is_left_after_leaving(
    visit: Visit, account: Account, cat: bytes, deployment: Deployment
) -> None:
    visitor = visit(account, service_workers="allow")
    page = visitor.open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    label = photos.label()
    page.get_by_role("link", name="History").click()
    thumbnail = page.locator("history-list img")
    expect(thumbnail).to_have_js_property("naturalWidth", 224)
    query = "{ viewer { history { edges { node { image { url } } } } } }"
    [edge] = account.execute(query)["viewer"]["history"]["edges"]
    crop = f"{deployment.api_origin}{edge['node']['image']['url']}"
    _leave(page, deployment)

    assert label not in page.content()
    assert account.email not in page.content()
    while page.go_back() is None and page.url.startswith(f"{deployment.page_origin}/#"):
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert label not in page.content()
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    kept = page.evaluate(KEPT)
    assert kept["storage"] == {}
    assert kept["databases"] == 0
    assert [path for path in kept["addresses"] if "graphql" in path or "predictions" in path] == []
    assert "sessionid" not in {cookie["name"] for cookie in visitor.context.cookies()}
    visitor.excuse("status of 404|blocked by CORS policy|ERR_FAILED")
    assert page.evaluate(IS_IN_CACHE, crop) is False


@pytest.mark.needs(Offer.SHARED_LOGIN)
@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_the_other_tabs_are_logged_out_too(
    visit: Visit, account: Account, deployment: Deployment
) -> None:
    visitor = visit(account, service_workers="allow")
    page = visitor.open("#/account")
    other = visitor.open("#/statistics")
    expect(other.get_by_role("heading", name="Statistics")).to_be_visible()
    _leave(page, deployment)
    expect(other.get_by_role("heading", name=deployment.heading_of_the_way_in)).to_be_visible()


def _leave(page: Page, deployment: Deployment) -> None:
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name=deployment.way_out).click()
    expect(page.get_by_role("heading", name=deployment.heading_of_the_way_in)).to_be_visible()
