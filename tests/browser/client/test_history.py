"""The history as somebody looks for something in it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.history_page import ROWS, open_history, rows
from tests.browser.client.visitor import PHONE, Visitor
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live]

FOUND: tuple[tuple[str, str | int, list[str]], ...] = (
    ("Search your history", "SPRES", ["espresso"]),
    ("At least", "90", ["tabby", "espresso"]),
    ("At most", "50", ["lynx"]),
    ("From", 6, ["tabby", "lynx", "tabby"]),
    ("To", 3, ["tabby", "espresso"]),
    ("Sort", "MOST_CONFIDENT", ["espresso", "tabby", "tabby", "lynx"]),
    ("Sort", "LEAST_CONFIDENT", ["lynx", "tabby", "tabby", "espresso"]),
    ("Sort", "OLDEST", ["espresso", "tabby", "lynx", "tabby"]),
    ("Model", "efficientnet-lite0", ["tabby", "lynx", "tabby", "espresso"]),
)

NEWEST = "{ viewer { history(first: 1) { nodes { createdAt } } } }"


@pytest.fixture(scope="module")
def reader(newcomers: Iterator[Account], crop: bytes) -> Account:
    """Somebody with four answers, for tests that take none of them out."""
    account = next(newcomers)
    account.store(ROWS, crop)
    return account


@pytest.fixture
def visitor(visit: Visit, reader: Account) -> Visitor:
    """Them, at their browser."""
    return visit(reader)


@pytest.fixture
def read_page(visitor: Visitor) -> Page:
    """Their history."""
    return open_history(visitor)


@pytest.mark.in_every_deployment("crops come by cookie or by token")
def test_rows_show_thumbnail_label_confidence_and_time(read_page: Page) -> None:
    row = rows(read_page).first
    for text in ("tabby", "92%", "just now"):
        expect(row).to_contain_text(text)
    expect(row.locator("img")).to_have_js_property("naturalWidth", 224)
    expect(read_page.get_by_text("4 answers", exact=True)).to_be_visible()


def test_a_filter_narrows_the_list_and_its_link_opens_the_same(
    visit: Visit, reader: Account
) -> None:
    visitor = visit(reader, for_developers=True)
    read_page = open_history(visitor)
    other = visitor.open("#/")
    for field, value, labels in FOUND:
        _choose(read_page, field, value)
        expect(read_page.locator(".row .label"), field).to_have_text(labels)
        assert read_page.url.partition("#")[2].startswith("/history?")

        other.goto(read_page.url)
        other.reload()
        expect(other.locator(".row .label"), field).to_have_text(labels)
        read_page.evaluate("() => { location.hash = '#/history'; }")
        expect(rows(read_page)).to_have_count(len(ROWS))


def test_filters_add_up_and_what_matches_nothing_leads_back(read_page: Page) -> None:
    _choose(read_page, "Search your history", "tab")
    expect(rows(read_page)).to_have_count(2)
    _choose(read_page, "At least", "90")
    expect(rows(read_page)).to_have_count(1)
    expect(read_page.locator(".count")).to_contain_text("1 answer")
    rows(read_page).get_by_role("link").click()
    expect(read_page.get_by_role("heading", name="tabby", level=1)).to_be_focused()
    read_page.get_by_role("link", name="Back to your history").click()
    expect(rows(read_page)).to_have_count(1)
    read_page.get_by_role("link", name="Statistics of these").click()
    expect(read_page.get_by_text("1 answer that matches")).to_be_visible()
    read_page.get_by_role("link", name="Remove filter: At least 90%").click()
    expect(read_page.get_by_text("2 answers that match")).to_be_visible()
    read_page.locator("label-chart").get_by_role("link", name="tabby").click()
    expect(rows(read_page)).to_have_count(2)

    _choose(read_page, "At least", "90")
    _choose(read_page, "At most", "10")
    expect(read_page.get_by_text("rule each other out")).to_be_visible()
    read_page.get_by_role("link", name="Show all").click()
    expect(rows(read_page)).to_have_count(len(ROWS))


def test_answers_are_found_by_a_part_of_a_word_as_one_types(visit: Visit, reader: Account) -> None:
    visitor = visit(reader, viewport=PHONE)
    [newest] = reader.execute(NEWEST)["viewer"]["history"]["nodes"]
    visitor.context.clock.install(time=newest["createdAt"])  # however long other tests have taken
    page = open_history(visitor)
    expect(page.get_by_role("heading", level=2).first).to_have_text("Today")
    latest = rows(page).first.locator("time")
    expect(latest).to_have_text("just now")
    page.clock.fast_forward("02:00")
    expect(latest).to_have_text("2 minutes ago")
    page.get_by_label("Search your history").press_sequentially("ABB")
    expect(page.locator(".row .label")).to_have_text(["tabby", "tabby"])
    expect(page.get_by_label("Search your history")).to_be_focused()
    page.get_by_label("Search your history").fill("unicorn")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_label("Search your history").fill("")
    expect(rows(page)).to_have_count(len(ROWS))


@pytest.mark.in_every_deployment("crops come by cookie or by token")
def test_an_answer_opens_with_all_its_facts_and_by_its_link(
    visitor: Visitor, read_page: Page
) -> None:
    rows(read_page).first.get_by_role("link").click()
    expect(read_page.get_by_role("heading", name="tabby", level=1)).to_be_focused()
    expect(read_page.get_by_text("JPEG, 640 × 480 pixels, 100 kB")).to_be_visible()
    for text in ("efficientnet-lite0, version 1", "13 ms"):
        expect(read_page.get_by_text(text)).to_be_hidden()
    crop = read_page.get_by_alt_text("What Telltale looked at")
    expect(crop).to_have_js_property("naturalWidth", 224)

    other = visitor.open(_address_in_client(read_page))
    expect(other.get_by_role("heading", name="tabby", level=1)).to_be_visible()


def test_a_link_to_somebody_elses_answer_shows_nothing(
    read_page: Page, visit: Visit, collector: Account
) -> None:
    rows(read_page).first.get_by_role("link").click()
    expect(read_page.get_by_role("heading", name="tabby", level=1)).to_be_visible()
    other = visit(collector).open(_address_in_client(read_page))
    expect(other.get_by_role("heading", name=re.compile("This answer isn.t there"))).to_be_visible()


def _address_in_client(page: Page) -> str:
    return f"#{page.url.partition('#')[2]}"


def _choose(page: Page, field: str, value: str | int) -> None:
    control = page.get_by_label(field, exact=True)
    if not control.is_visible():
        page.get_by_text("Filter and sort").click()
    if field == "Search your history":
        control.fill(str(value))
    elif isinstance(value, int):
        day = datetime.now(UTC) - timedelta(days=value)
        control.fill(f"{day:%Y-%m-%d}")
        control.blur()
    else:
        control.select_option(value)
