"""A page that keeps still under the hand of whoever shows it photos."""

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.visitor import DESKTOP, PHONE
from tests.support.client_account import Account
from tests.support.layout_shifts import moved, shifts, watch_shifts

pytestmark = [pytest.mark.browser, pytest.mark.live]

MANY = 40
# What people call good: https://web.dev/articles/cls
GOOD_SHIFT = 0.1
TOPS = """() => [...document.querySelectorAll("predict-view :is(button, a)")]
  .filter((it) => it.checkVisibility()).map((it) => it.getBoundingClientRect().top)"""
PARTS = """() => [...document.querySelectorAll("predict-view >"
  + " :is(.view-header, lesson-choice, photo-picker, sample-photos, .quota)")]
  .map((it) => it.localName)"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("count", [1, 3, MANY])
def test_photos_come_and_are_answered_and_hardly_anything_moves(
    visit: Visit, account: Account, viewport: dict[str, int], count: int
) -> None:
    visitor = visit(account, viewport=viewport)
    watch_shifts(visitor.context)
    page = visitor.open()
    photos = PhotoPage(page)
    shifts(page)
    photos.drop(*[file(png(size=(300, 200 + number))) for number in range(count)])
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(count)
    assert moved(page) < GOOD_SHIFT


def test_the_way_to_choose_goes_above_the_photos_with_the_focus_and_comes_back(
    visit: Visit, account: Account
) -> None:
    page = visit(account).open()
    choose = page.get_by_role("button", name="Choose photos")
    expect(page.locator("lesson-choice")).to_be_attached()
    parts = page.evaluate(PARTS)
    with page.expect_file_chooser() as chooser:
        choose.press("Enter")
    chooser.value.set_files([file(b"no photo")])
    photos = PhotoPage(page)
    photos.card("failed")
    expect(choose).to_be_focused()
    tops = page.evaluate(TOPS)
    assert tops == sorted(tops)  # what the Tab key goes to next stands further down
    photos.card().get_by_role("button", name="Remove").click()
    expect(photos.cards).to_have_count(0)
    expect(page.locator("photo-picker .picture")).to_be_visible()
    assert page.evaluate(PARTS) == parts
