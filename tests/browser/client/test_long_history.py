"""A history of thousands of answers: what is far away costs nothing, and all is within reach."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.visitor import Visitor
from tests.support.client_account import Account, Row

pytestmark = [pytest.mark.browser, pytest.mark.live]

ROWS = 1_500
ROWS_A_PAGE = 60
MOST_DRAWN = 200
COUNT_DRAWN = """() => [...document.querySelectorAll(".row .label")]
  .filter((label) => label.checkVisibility({ contentVisibilityAuto: true })).length"""
TO_THE_END = """() => {
  const list = document.querySelector("history-list");
  list.querySelector(".more").scrollIntoView({ block: "end", behavior: "instant" });
  return list.querySelectorAll(".row").length;
}"""
HAS_MORE = """(rowsBefore) => {
  const list = document.querySelector("history-list");
  const rows = list.querySelectorAll(".row").length;
  return list.querySelector(".more").hidden || rows > rowsBefore;
}"""


@pytest.fixture(scope="module")
def hoarder(newcomers: Iterator[Account], crop: bytes) -> Account:
    """Somebody with thousands of answers."""
    account = next(newcomers)
    account.store([Row(f"label {number}", age=number * 60) for number in range(ROWS)], crop)
    return account


@pytest.fixture
def page(visit: Visit, hoarder: Account) -> Page:
    """Their history."""
    page = visit(hoarder).open("#/history")
    expect(page.get_by_text("label 0", exact=True)).to_be_visible()
    return page


def test_scrolling_reaches_the_last_answer_and_only_what_is_near_is_drawn(
    visit: Visit, hoarder: Account
) -> None:
    visitor = visit(hoarder)
    page = _without_pictures(visitor)
    expect(page.get_by_text(f"{ROWS:,} answers", exact=True)).to_be_visible()
    more = page.locator("history-list .more")
    for _ in range(ROWS // ROWS_A_PAGE + 1):
        if more.is_hidden():
            break
        _read_on(page)
        assert 0 < page.evaluate(COUNT_DRAWN) < MOST_DRAWN
    expect(more).to_be_hidden()
    last = page.get_by_text(f"label {ROWS - 1}", exact=True)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()

    page.evaluate("() => scrollTo({ top: 0, behavior: 'instant' })")
    expect(page.get_by_text("label 0", exact=True)).to_be_in_viewport()
    assert 0 < page.evaluate(COUNT_DRAWN) < MOST_DRAWN


def test_going_back_from_an_answer_finds_the_place(page: Page) -> None:
    row = page.locator(".row a", has=page.get_by_text("label 150", exact=True))
    _read_on(page)
    _read_on(page)
    row.scroll_into_view_if_needed()
    row.click()
    expect(page.get_by_role("heading", name="label 150", level=1)).to_be_visible()
    page.get_by_role("link", name="Back to your history").click()
    expect(row).to_be_in_viewport()
    row.click()
    for key, label in (("ArrowRight", "label 151"), ("ArrowLeft", "label 150")):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name=label, level=1)).to_be_focused()
    page.get_by_role("link", name="Next answer: label 151").click()
    expect(page.get_by_role("heading", name="label 151", level=1)).to_be_visible()
    page.go_back()
    expect(row).to_be_in_viewport()


def test_the_tab_key_walks_on_into_the_next_page(page: Page) -> None:
    page.locator(".row a").nth(ROWS_A_PAGE - 2).focus()
    expect(page.get_by_text("label 62", exact=True)).to_be_attached()
    for _ in range(4 * 2):
        page.keyboard.press("Tab")
    label = page.evaluate("() => document.activeElement.closest('.row')?.innerText")
    assert "label 62" in label
    assert page.evaluate("() => document.activeElement.matches(':focus-visible')")


def test_a_page_that_is_asked_for_by_hand_comes_too(page: Page) -> None:
    page.evaluate("() => { window.IntersectionObserver.prototype.observe = () => {}; }")
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_role("link", name="History").click()
    more = page.get_by_role("button", name="Load more")
    rows = page.locator(".row")
    before = rows.count()
    more.press("Enter")
    expect(rows).to_have_count(before + ROWS_A_PAGE)


def _without_pictures(visitor: Visitor) -> Page:
    """Their history. Thousands of pictures would be most of the time, and are not the point."""
    visitor.excuse("ERR_BLOCKED_BY_CLIENT")
    page = visitor.open()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setBlockedURLs", {"urls": ["*/predictions/*"]})
    page.get_by_role("link", name="History").click()
    return page


def _read_on(page: Page) -> None:
    """Scroll to the end of what has been read, and wait until there is more."""
    rows = page.evaluate(TO_THE_END)
    page.wait_for_function(HAS_MORE, arg=rows)
