"""The history in the hands of somebody with four answers."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.client.visitor import Visitor
from tests.support.client_account import Row

DAY = 86_400
SHOWN = "history-list .row:not(.is-deleted)"
ROWS = [
    Row("tabby", 0.92, age=10),
    Row("lynx", 0.31, age=2 * DAY),
    Row("tabby", 0.55, age=5 * DAY),
    Row("espresso", 0.99, age=9 * DAY),
]


def open_history(visitor: Visitor) -> Page:
    """Open the history of somebody who has these rows."""
    page = visitor.open("#/history")
    expect(rows(page)).to_have_count(len(ROWS))
    return page


def rows(page: Page) -> Locator:
    """The answers that are shown."""
    return page.locator(SHOWN)
