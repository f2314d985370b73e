"""The history in the hands of somebody whose photos are still being answered."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.browser.client.history_page import ROWS, rows
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.visitor import Visitor
from tests.support.client_account import Account, Row

pytestmark = [pytest.mark.browser, pytest.mark.live]

# Photos wait, one after the other, until a test lets them go.
HOLD_PHOTOS = """
const send = fetch;
globalThis.held = [];
globalThis.fetch = async (...request) => {
  if (request[1]?.body instanceof FormData) await new Promise((go) => held.push(go));
  return send(...request);
};
"""
LET_ONE_GO = "() => { const go = held.shift(); go?.(); return go !== undefined; }"
TO_THE_TOP = "() => scrollTo({ top: 0, behavior: 'instant' })"
TO_THE_END = "() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })"


@pytest.mark.needs(Offer.MANAGEMENT)
def test_what_is_selected_stays_so_and_the_answers_are_there_afterwards(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store(ROWS, crop)
    page = _history_with_photos_on_their_way(visit(account), photos=3)
    expect(rows(page)).to_have_count(4)
    page.get_by_role("button", name="Select", exact=True).click()
    for place in range(3):
        rows(page).nth(place).click()
    page.wait_for_function(LET_ONE_GO)
    expect(_job(page)).to_contain_text("1 of 3 answered")
    expect(rows(page)).to_have_count(4)
    expect(page.locator(".row input:checked")).to_have_count(3)
    selection = page.locator(".selection")
    expect(selection.get_by_role("status")).to_have_text("3 selected")
    selection.get_by_role("button", name="Delete").click()
    expect(page.locator(".row .label")).to_have_text(["espresso"])

    _let_go(page, 2)
    page.locator("undo-toast").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(7)
    expect(page.get_by_text("7 answers", exact=True)).to_be_visible()


def test_whoever_has_scrolled_keeps_the_place_and_finds_what_is_new_at_the_top(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store([Row(f"label {age}", age=age * 60) for age in range(1, 101)], crop)
    page = _history_with_photos_on_their_way(visit(account), photos=2)
    expect(page.get_by_text("100 answers", exact=True)).to_be_visible()
    last = page.get_by_text("label 100", exact=True)
    page.evaluate(TO_THE_END)
    last.scroll_into_view_if_needed()
    _let_go(page, 2)
    expect(last).to_be_in_viewport()
    expect(page.get_by_text("100 answers", exact=True)).to_be_visible()

    page.evaluate(TO_THE_TOP)
    expect(page.get_by_text("102 answers", exact=True)).to_be_visible()
    expect(rows(page).nth(2)).to_contain_text("label 1")


def test_an_empty_history_shows_each_answer_and_an_open_one_still_has_neighbours(
    visit: Visit, account: Account
) -> None:
    page = _history_with_photos_on_their_way(visit(account), photos=3)
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    page.wait_for_function(LET_ONE_GO)
    expect(rows(page)).to_have_count(1)
    page.wait_for_function(LET_ONE_GO)
    expect(_job(page)).to_contain_text("2 of 3 answered")
    page.get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("link", name="History", exact=True).click()
    expect(rows(page)).to_have_count(2)

    rows(page).first.get_by_role("link").click()
    following = page.get_by_role("link", name="Next answer")
    expect(following).to_be_visible()
    _let_go(page, 1)
    following.click()
    expect(following).to_have_count(0)
    page.get_by_role("link", name="Back to your history").click()
    expect(rows(page)).to_have_count(3)


def _history_with_photos_on_their_way(visitor: Visitor, *, photos: int) -> Page:
    visitor.context.add_init_script(HOLD_PHOTOS)
    page = visitor.open()
    PhotoPage(page).pick(*(file(png(size=(300, 200 + each))) for each in range(photos)))
    expect(_job(page)).to_contain_text(f"0 of {photos} answered")
    page.get_by_role("link", name="History", exact=True).click()
    return page


def _let_go(page: Page, photos: int) -> None:
    """Let the rest of the photos be answered."""
    for _ in range(photos):
        page.wait_for_function(LET_ONE_GO)
    expect(_job(page)).to_be_hidden()


def _job(page: Page) -> Locator:
    return page.locator("photo-job")
