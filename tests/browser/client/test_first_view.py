"""What is seen before any module has run, and what becomes of it when they come."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.visitor import DESKTOP, PHONE, Visitor
from tests.support.client_account import Account
from tests.support.layout_shifts import moved, shifts, watch_shifts

pytestmark = [pytest.mark.browser, pytest.mark.live]

FONT_CAME = "() => document.fonts.load('1em Figtree').then(() => document.fonts.ready)"
# What may move when the font comes late: a word more on a line would be ten times as much.
FONT_SHIFT = 0.002
# With main.js waits all that it imports.
MODULES = "**/main.js"
MARK = "() => { for (const node of document.querySelectorAll('main *')) node.wasThere = true; }"
MADE_ANEW = """() => [...document.querySelectorAll("h1, photo-picker, photo-picker *")]
  .filter((node) => !node.wasThere).map((node) => node.outerHTML)"""


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nobody_sees_the_picker_before_any_module_and_it_stays_where_it_is(
    visit: Visit, viewport: dict[str, int]
) -> None:
    _expect_to_be_seen_at_once(visit(viewport=viewport))


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_who_is_logged_in_sees_the_picker_as_soon(
    visit: Visit, account: Account, viewport: dict[str, int]
) -> None:
    page = _expect_to_be_seen_at_once(visit(account, viewport=viewport))
    expect(page.locator(".quota")).to_contain_text("photos left today")
    assert shifts(page) == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_font_that_comes_late_moves_next_to_nothing(
    visit: Visit, viewport: dict[str, int]
) -> None:
    visitor = visit(viewport=viewport)
    watch_shifts(visitor.context)
    with _without(visitor.context, "**/figtree.woff2"):
        page = _open(visitor, "")
        page.locator("site-header nav").wait_for()
        shifts(page)
    page.evaluate(FONT_CAME)
    assert moved(page) < FONT_SHIFT


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("#/history", "Sign in"),
        ("#/history?min=50", "Sign in"),
        ("#/register", "Create account"),
        ("#/nowhere", "Page not found"),
    ],
)
def test_whoever_arrives_elsewhere_never_sees_the_picker(
    visit: Visit, address: str, title: str
) -> None:
    visitor = visit()
    visitor.excuse("blocked by Playwright")
    with _without(visitor.context, MODULES):
        page = _open(visitor, address)
        expect(page.get_by_role("link", name="For developers")).to_be_visible()
        expect(page.locator("photo-picker")).to_be_hidden()
    page.locator("site-header nav").wait_for()
    expect(page.locator("photo-picker")).to_have_count(0)
    expect(page).to_have_title(f"{title} · Telltale")

    page.get_by_role("link", name="Telltale", exact=True).click()
    photos = PhotoPage(page)
    photos.pick(file(png()))
    photos.card("answered")


@pytest.mark.parametrize("address", ["#/", "#main", "#/?from=home"])
def test_every_address_of_the_first_view_shows_it_at_once(visit: Visit, address: str) -> None:
    visitor = visit()
    visitor.excuse("blocked by Playwright")
    with _without(visitor.context, MODULES):
        page = _open(visitor, address)
        _expect_first_view(page)
    page.locator("site-header nav").wait_for()
    photos = PhotoPage(page)
    photos.pick(file(png()))
    photos.card("answered")


def test_a_photo_chosen_before_the_modules_came_is_not_lost(
    visit: Visit, account: Account, cat: bytes
) -> None:
    visitor = visit(account)
    visitor.excuse("blocked by Playwright")
    with _without(visitor.context, MODULES):
        page = _open(visitor, "")
        with page.expect_file_chooser() as chooser:
            page.locator("photo-picker").click()
        chooser.value.set_files(file(cat))
    assert PhotoPage(page).label()


@pytest.mark.parametrize(
    ("locale", "files", "sentence", "way"),
    [
        ("en", "**/models/session.js", "This page couldn’t be loaded.", "Try again"),
        ("de", "**/words/de/first.js", "konnte nicht geladen werden", "Noch einmal versuchen"),
    ],
)
def test_where_a_module_does_not_come_it_is_said_and_tried_again(
    visit: Visit, locale: str, files: str, sentence: str, way: str
) -> None:
    visitor = visit(locale=locale)
    visitor.excuse("blocked by Playwright|ERR_FAILED")
    visitor.context.route(files, lambda route: route.abort())
    page = _open(visitor, "")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.locator("photo-picker")).to_be_hidden()
    visitor.context.unroute(files)
    page.get_by_role("button", name=way).click()
    page.locator("site-header nav").wait_for()
    expect(page.locator("photo-picker .files")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_view_comes_back_with_what_it_had(visit: Visit, account: Account, cat: bytes) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    label = photos.label()
    for _ in range(2):
        page.get_by_role("link", name="History").click()
        expect(page.locator(".row .label")).to_have_text([label])
        page.get_by_role("link", name="Photo", exact=True).click()
        expect(photos.cards).to_have_count(1)
        assert photos.label() == label
    photos.pick(file(png()))
    expect(photos.cards).to_have_count(2)


def test_without_scripts_the_page_says_that_it_needs_them(visit: Visit) -> None:
    page = _open(visit(java_script_enabled=False), "")
    # No role and no text is read in there.
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("photo-picker")).to_be_hidden()


def _open(visitor: Visitor, address: str) -> Page:
    """Open a page without waiting for its modules."""
    page = visitor.context.new_page()
    page.goto(f"/{address}", wait_until="commit")
    return page


def _expect_to_be_seen_at_once(visitor: Visitor) -> Page:
    visitor.excuse("blocked by Playwright")
    watch_shifts(visitor.context)
    with _without(visitor.context, MODULES):
        page = _open(visitor, "")
        _expect_first_view(page)
        expect(page.locator("site-header nav")).to_have_count(0)
        page.evaluate(MARK)
        page.evaluate(FONT_CAME)
        assert moved(page) < FONT_SHIFT
    page.locator("site-header nav").wait_for()
    _expect_first_view(page)
    assert page.evaluate(MADE_ANEW) == []
    assert shifts(page) == []
    return page


def _expect_first_view(page: Page) -> None:
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
    expect(page.get_by_role("button", name="Use the camera")).to_be_visible()


@contextmanager
def _without(context: BrowserContext, files: str) -> Iterator[None]:
    """Let files wait until the end, whether they are asked for before it or after."""
    waiting: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            waiting.append(route)

    context.route(files, hold)
    yield
    is_over = True
    for route in waiting:
        route.continue_()
