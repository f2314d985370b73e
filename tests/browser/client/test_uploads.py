"""A photo on its way: what it is told, cancelling, two at a time, nothing left behind."""

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

COUNT_OBJECT_URLS = """() => {
  const { createObjectURL, revokeObjectURL } = URL;
  const open = new Set();
  URL.createObjectURL = (blob) => {
    const address = createObjectURL.call(URL, blob);
    open.add(address);
    return address;
  };
  URL.revokeObjectURL = (address) => {
    open.delete(address);
    revokeObjectURL.call(URL, address);
  };
  window.openObjectUrls = open;
}"""


def test_an_upload_says_what_becomes_of_it_and_can_be_cancelled(
    visit: Visit, account: Account, gate: Gate
) -> None:
    photos = PhotoPage(visit(account).open())
    gate.hold()
    photos.pick(file(png()))
    card = photos.card("thinking")
    expect(card.get_by_role("progressbar", name="Taking a look")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    expect(photos.cards).to_have_count(0)
    expect(photos.page.get_by_role("heading", level=1)).to_be_focused()
    gate.open()


def test_two_are_on_their_way_at_most_and_all_are_answered_once(
    visit: Visit, account: Account, gate: Gate
) -> None:
    photos = PhotoPage(visit(account).open())
    gate.hold()
    photos.pick(*(file(png(color), f"{color}.png") for color in ("red", "green", "blue", "gray")))
    expect(photos.page.locator("photo-card[data-state=thinking]")).to_have_count(2)
    expect(photos.page.locator("photo-card[data-state=waiting]")).to_have_count(2)
    gate.open()
    expect(photos.page.locator("photo-card[data-state=answered]")).to_have_count(4)
    assert account.stored() == 4


def test_no_object_url_is_left_open(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    photos.page.evaluate(COUNT_OBJECT_URLS)
    photos.pick(file(png()), file(b"no picture"), file(png("blue")))
    expect(photos.page.locator("photo-card[data-state=answered]")).to_have_count(2)
    expect(photos.page.locator("photo-card[data-state=failed]")).to_have_count(1)
    photos.page.wait_for_function("() => window.openObjectUrls.size === 0")
