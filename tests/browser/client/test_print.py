import re

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live]

PAGE = re.compile(rb"/Type\s*/Page\b")


@pytest.mark.parametrize("position", ["first", "last"], ids=["short label", "long label"])
def test_an_answer_is_printed_as_a_report_of_one_page(
    visit: Visit, collector: Account, position: str
) -> None:
    page = visit(collector).open("#/history")
    links = page.locator(".row a")
    (links.first if position == "first" else links.last).click()
    picture = page.get_by_alt_text("What Telltale looked at")
    expect(picture).to_have_js_property("naturalWidth", 224)
    for paper in ("A4", "Letter"):
        assert len(PAGE.findall(page.pdf(format=paper))) == 1

    page.emulate_media(media="print")
    expect(picture).to_be_visible()
    expect(page.get_by_text("JPEG, 640 × 480 pixels")).to_be_visible()
    for on_screen_only in ("site-header", "request-disclosure", ".site-footer", "undo-toast"):
        expect(page.locator(on_screen_only).first).to_be_hidden()
    labels = page.locator("score-list button:visible")  # as words
    assert page.get_by_role("button").count() == labels.count()


def test_a_history_is_printed_without_what_only_a_screen_needs(
    visit: Visit, collector: Account
) -> None:
    page = visit(collector).open("#/history?min=1")
    rows = page.locator(".row")
    expect(rows).to_have_count(13)
    page.emulate_media(media="print")
    for on_screen_only in (".bar", "filter-chips", ".remove", ".row input", "site-header"):
        expect(page.locator(on_screen_only).first).to_be_hidden()
    expect(rows.last.locator(".label")).to_be_visible()
    # Rows of a grid that is broken between pages cover each other.
    expect(page.locator(".rows").first).to_have_css("display", "block")
    assert "avoid" in rows.first.evaluate("(row) => getComputedStyle(row).breakInside")
