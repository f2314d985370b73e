import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.support.client_account import Account, Row

pytestmark = [pytest.mark.browser, pytest.mark.live]

DAY = 86_400


def test_statistics_are_drawn_and_told_as_tables(
    visit: Visit, account: Account, crop: bytes
) -> None:
    once = [Row(label, age=40 * DAY) for label in ("Model T", "airship")]
    account.store([Row("tabby"), Row("tabby"), Row("lynx", age=3 * DAY), *once], crop)
    page = visit(account).open("#/statistics")
    expect(page.get_by_text("5 answers in your history")).to_be_visible()
    expect(page.get_by_role("img", name="3 answers in the last 30 days")).to_be_visible()
    columns = page.locator("day-chart rect")
    expect(columns).to_have_count(30)
    heights = columns.evaluate_all(
        "(rects) => rects.map((rect) => Number(rect.getAttribute('height')))"
    )
    assert heights[-1] == max(heights)
    assert heights[-4] == pytest.approx(heights[-1] / 2)
    page.get_by_text("As a table").click()
    days = page.locator("day-chart").get_by_role("row")
    expect(days).to_have_count(3)
    expect(days.last.get_by_role("cell")).to_have_text("2")

    labels = page.get_by_role("table", name="Most frequent answers").get_by_role("row")
    expect(labels.nth(1)).to_contain_text("tabby")
    expect(labels.nth(1)).to_contain_text("2")
    # Bars that all mean one say nothing: words do, as a person sorts them.
    expect(labels).to_have_count(2)
    expect(page.locator("label-chart .once li")).to_have_text(["airship", "lynx", "Model T"])
    expect(page.get_by_text("efficientnet-lite0, version 1")).to_be_hidden()

    page.get_by_role("link", name="lynx").click()
    expect(page.locator(".row .label")).to_have_text(["lynx"])


def test_an_empty_history_says_how_to_fill_it(visit: Visit, account: Account) -> None:
    page = visit(account).open("#/statistics")
    expect(page.get_by_role("heading", name="Nothing to count yet")).to_be_visible()
    page.get_by_role("link", name="Show it a photo").click()
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
