"""What there is on another origin instead of a session: a token, and the server's own page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import ANOTHER_ORIGIN, Offer
from tests.browser.client.history_page import ROWS, rows
from tests.browser.client.photo_page import PhotoPage, file
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.needs(Offer.TOKEN_OF_A_TAB)]


def test_every_way_in_asks_for_a_token(visit: Visit) -> None:
    page = visit().open("#/")
    for door in ("log-in", "register", "forgotten-password"):
        page.evaluate("(door) => { location.hash = `#/${door}`; }", door)
        expect(page.get_by_role("heading", name="Connect with a token")).to_be_visible()
    own_page = page.get_by_role("link", name=re.compile("server.s own page"))
    expect(own_page).to_have_attribute(
        "href", f"{ANOTHER_ORIGIN.api_origin}/#/account?for=developers"
    )
    expect(page.get_by_label("Address of the server")).to_have_value(ANOTHER_ORIGIN.api_origin)
    expect(page.locator("site-header").get_by_role("link", name="Connect")).to_be_visible()


def test_a_deep_link_is_kept_through_pasting_a_token(visit: Visit, account: Account) -> None:
    visitor = visit()
    visitor.excuse("status of 401")
    page = visitor.open("#/history?order=OLDEST")
    page.get_by_label("Personal access token").fill("tt_wrong")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text(re.compile("The server doesn.t accept this token."))).to_be_visible()
    ANOTHER_ORIGIN.come_in(page, account)
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()
    assert page.url.endswith("#/history?order=OLDEST")


def test_a_stranger_drops_a_photo_pastes_a_token_and_has_the_answer(
    visit: Visit, account: Account, cat: bytes
) -> None:
    photos = PhotoPage(visit().open())
    photos.drop(file(cat, "chelsea.png"))
    photos.card("held").get_by_role("link", name="Connect").click()
    ANOTHER_ORIGIN.come_in(photos.page, account)
    assert photos.label()
    assert account.stored() == 1


def test_what_a_token_may_not_do_is_not_offered(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store(ROWS, crop)
    page = visit(account).open("#/history")
    expect(rows(page)).to_have_count(len(ROWS))
    expect(page.get_by_role("button", name=re.compile("Delete|Clear"))).to_have_count(0)
    rows(page).first.get_by_role("link").click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_text("To manage tokens or the password")).to_be_visible()
    expect(page.locator("token-list, entry-form")).to_have_count(0)


def test_each_tab_asks_for_a_token_of_its_own(visit: Visit, account: Account) -> None:
    page = visit(account).open("#/statistics")
    expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
    other = _without_identity(page)
    ANOTHER_ORIGIN.come_in(other, account)
    expect(other.get_by_role("heading", name="Statistics")).to_be_visible()
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Forget the token").click()
    expect(page.get_by_role("heading", name="Connect with a token")).to_be_visible()
    expect(other.get_by_role("heading", name="Statistics")).to_be_visible()


def test_no_cookie_is_ever_set(visit: Visit, account: Account, cat: bytes) -> None:
    visitor = visit(account)
    photos = PhotoPage(visitor.open())
    photos.pick(file(cat))
    photos.card("answered")
    assert visitor.context.cookies() == []


def _without_identity(page: Page) -> Page:
    """The same address in another tab."""
    other = page.context.new_page()
    other.goto(page.url)
    return other
