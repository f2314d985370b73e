"""The history as somebody looks for something in it and takes things out of it."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.support.client_account import Account, Row

pytestmark = [pytest.mark.browser, pytest.mark.live]

DAY = 86_400
ROWS = [
    Row("tabby", 0.92, age=10),
    Row("lynx", 0.31, age=2 * DAY),
    Row("tabby", 0.55, age=5 * DAY),
    Row("espresso", 0.99, age=9 * DAY),
]
UNDO_MILLISECONDS = 5_000


@pytest.fixture
def member(account: Account, crop: bytes) -> Account:
    """Somebody with four answers."""
    account.store(ROWS, crop)
    return account


@pytest.fixture
def page(visit: Visit, member: Account) -> Page:
    """Their history."""
    return _history(visit, member)


@pytest.fixture(scope="module")
def reader(newcomers: Iterator[Account], crop: bytes) -> Account:
    """Somebody with four answers, for tests that take none of them out."""
    account = next(newcomers)
    account.store(ROWS, crop)
    return account


@pytest.fixture
def read_page(visit: Visit, reader: Account) -> Page:
    """Their history."""
    return _history(visit, reader)


def test_rows_show_thumbnail_label_confidence_model_and_time(read_page: Page) -> None:
    row = _rows(read_page).first
    for text in ("tabby", "92\xa0%", "efficientnet-lite0", "just now"):
        expect(row).to_contain_text(text)
    expect(row.locator("img")).to_have_js_property("naturalWidth", 224)
    expect(read_page.get_by_text("4 answers", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("field", "value", "labels"),
    [
        ("Label", "tabby", ["tabby", "tabby"]),
        ("At least", "90", ["tabby", "espresso"]),
        ("At most", "50", ["lynx"]),
        ("From", 6, ["tabby", "lynx", "tabby"]),
        ("To", 3, ["tabby", "espresso"]),
        ("Order", "MOST_CONFIDENT", ["espresso", "tabby", "tabby", "lynx"]),
        ("Order", "LEAST_CONFIDENT", ["lynx", "tabby", "tabby", "espresso"]),
        ("Order", "OLDEST", ["espresso", "tabby", "lynx", "tabby"]),
        ("Model", "efficientnet-lite0", ["tabby", "lynx", "tabby", "espresso"]),
    ],
)
def test_a_filter_narrows_the_list_and_its_link_opens_the_same(
    read_page: Page, field: str, value: str | int, labels: list[str]
) -> None:
    _choose(read_page, field, value)
    expect(read_page.locator(".row .label")).to_have_text(labels)

    other = read_page.context.new_page()
    other.goto(read_page.url)
    expect(other.locator(".row .label")).to_have_text(labels)
    assert read_page.url.partition("#")[2].startswith("/history?")

    read_page.go_back()
    expect(_rows(read_page)).to_have_count(len(ROWS))


def test_filters_add_up_and_what_matches_nothing_leads_back(read_page: Page) -> None:
    _choose(read_page, "Label", "tabby")
    expect(_rows(read_page)).to_have_count(2)
    _choose(read_page, "At least", "90")
    expect(_rows(read_page)).to_have_count(1)
    expect(read_page.get_by_text("1 answer", exact=True)).to_be_visible()
    _choose(read_page, "At most", "90")
    expect(read_page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    read_page.get_by_role("link", name="Show everything").click()
    expect(_rows(read_page)).to_have_count(len(ROWS))


def test_labels_of_the_history_are_suggested(read_page: Page) -> None:
    read_page.get_by_text("Filter and order").click()
    options = read_page.locator("history-filters datalist option")
    expect(options).to_have_count(3)
    expect(options.first).to_have_attribute("value", "tabby")


def test_an_answer_opens_with_all_its_facts_and_by_its_link(read_page: Page) -> None:
    _rows(read_page).first.get_by_role("link").click()
    expect(read_page.get_by_role("heading", name="tabby", level=1)).to_be_focused()
    for text in ("JPEG, 640 × 480 pixels, 100 kB", "efficientnet-lite0, version 1", "13 ms"):
        expect(read_page.get_by_text(text)).to_be_visible()
    crop = read_page.get_by_alt_text("What the classifier saw")
    expect(crop).to_have_js_property("naturalWidth", 224)

    other = read_page.context.new_page()
    other.goto(read_page.url)
    expect(other.get_by_role("heading", name="tabby", level=1)).to_be_visible()


def test_a_link_to_somebody_elses_answer_shows_nothing(
    read_page: Page, visit: Visit, collector: Account
) -> None:
    _rows(read_page).first.get_by_role("link").click()
    expect(read_page.get_by_role("heading", name="tabby", level=1)).to_be_visible()
    other = visit(collector).open(f"#{read_page.url.partition('#')[2]}")
    expect(other.get_by_role("heading", name=re.compile("This answer isn.t there"))).to_be_visible()


def test_a_deleted_answer_comes_back_at_its_place(page: Page, member: Account) -> None:
    page.clock.install()
    _rows(page).nth(1).get_by_role("button", name="Delete lynx").click()
    expect(page.locator(".row .label")).to_have_text(["tabby", "tabby", "espresso"])
    page.locator("undo-toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".row .label")).to_have_text(["tabby", "lynx", "tabby", "espresso"])
    page.clock.fast_forward(2 * UNDO_MILLISECONDS)
    expect(page.locator("undo-toast")).to_be_empty()
    assert _stored(member) == 4


def test_a_deletion_that_is_not_undone_is_for_good(page: Page, member: Account) -> None:
    page.clock.install()
    _rows(page).first.get_by_role("button", name="Delete tabby").click()
    expect(page.locator("undo-toast")).to_contain_text("Deleted “tabby”")
    assert _stored(member) == 4
    with page.expect_response("**/graphql"):
        page.clock.fast_forward(UNDO_MILLISECONDS)
    expect(page.locator("undo-toast")).to_be_empty()
    assert _stored(member) == 3
    page.reload()
    expect(page.locator(".row .label")).to_have_text(["lynx", "tabby", "espresso"])


def test_a_deletion_is_sent_when_the_page_is_left(page: Page, member: Account) -> None:
    _rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    expect(_rows(page)).to_have_count(3)
    page.goto("about:blank")
    deadline = time.monotonic() + 10
    while _stored(member) > 3:
        assert time.monotonic() < deadline


def test_clear_all_asks_first(page: Page, member: Account) -> None:
    page.get_by_role("button", name="Clear all").click()
    dialog = page.get_by_role("dialog", name="Delete the whole history?")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert _stored(member) == 4

    page.get_by_role("button", name="Clear all").click()
    dialog.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_hidden()
    assert _stored(member) == 0


def _history(visit: Visit, account: Account) -> Page:
    page = visit(account).open("#/history")
    expect(_rows(page)).to_have_count(len(ROWS))
    return page


def _rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Answers").get_by_role("listitem")


def _choose(page: Page, field: str, value: str | int) -> None:
    control = page.get_by_label(field, exact=True)
    if not control.is_visible():
        page.get_by_text("Filter and order").click()
    if field == "Label":
        control.fill(str(value))
        control.press("Enter")
    elif isinstance(value, int):
        day = datetime.now(UTC) - timedelta(days=value)
        control.fill(f"{day:%Y-%m-%d}")
        control.blur()
    else:
        control.select_option(value)


def _stored(account: Account) -> int:
    history = account.execute("{ viewer { history { totalCount } } }")["viewer"]["history"]
    return int(history["totalCount"])
