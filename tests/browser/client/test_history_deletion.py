"""Taking answers out of the history, and back."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.clock import stop_clock
from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.browser.client.history_page import ROWS, open_history, rows
from tests.browser.client.photo_page import PhotoPage, file
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.needs(Offer.MANAGEMENT)]

UNDO_MILLISECONDS = 10_000
DELETION_TIMEOUT_SECONDS = 10
WORKER_IS_IN_CHARGE = "() => navigator.serviceWorker.controller?.state === 'activated'"


@pytest.fixture
def member(account: Account, crop: bytes) -> Account:
    """Somebody with four answers."""
    account.store(ROWS, crop)
    return account


@pytest.fixture
def page(visit: Visit, member: Account) -> Page:
    """Their history."""
    return open_history(visit(member, service_workers="allow"))


def test_a_deleted_answer_comes_back_at_its_place(page: Page, member: Account) -> None:
    stop_clock(page)
    rows(page).nth(1).get_by_role("button", name="Delete lynx").dblclick()
    # Nothing came under the second press: what was deleted keeps its place.
    expect(page.locator(".row .label")).to_have_text(["tabby", "tabby", "espresso"])
    page.locator("undo-toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".row .label")).to_have_text(["tabby", "lynx", "tabby", "espresso"])
    page.clock.run_for(2 * UNDO_MILLISECONDS)
    expect(page.locator("undo-toast")).to_be_hidden()
    assert member.stored() == 4


def test_a_deletion_that_is_not_undone_is_for_good(page: Page, member: Account) -> None:
    stop_clock(page)
    toast = page.locator("undo-toast")
    rows(page).first.get_by_role("button", name="Delete tabby").click()
    expect(toast).to_contain_text("Deleted “tabby”")
    page.clock.run_for(UNDO_MILLISECONDS - 1_000)
    toast.hover()
    page.clock.run_for(3 * UNDO_MILLISECONDS)
    expect(toast).to_be_visible()
    assert member.stored() == 4
    page.get_by_role("heading", level=1).hover()
    with page.expect_response("**/graphql"):
        page.clock.run_for(UNDO_MILLISECONDS)
    expect(toast).to_be_hidden()
    assert member.stored() == 3
    page.clock.resume()
    page.reload()
    expect(page.locator(".row .label")).to_have_text(["lynx", "tabby", "espresso"])


def test_what_is_told_while_a_deletion_can_be_undone_is_seen_beside_it(page: Page) -> None:
    stop_clock(page)
    toast = page.locator("undo-toast")
    rows(page).first.get_by_role("button", name="Delete tabby").click()
    expect(toast).to_contain_text("Deleted “tabby”")
    undo = toast.get_by_role("button", name="Undo")
    undo.focus()
    PhotoPage(page).drop(file(b"%PDF-1.7", "notes.pdf", "application/pdf"))
    expect(toast).to_contain_text("“notes.pdf” was left out")
    expect(toast).to_contain_text("Deleted “tabby”")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)
    # The rest of its time it stands alone, as it would have without.
    expect(toast).to_contain_text("“notes.pdf” was left out")
    expect(toast).not_to_contain_text("Deleted")


def test_many_are_deleted_at_once_and_taken_back_by_keys(page: Page, member: Account) -> None:
    page.get_by_role("button", name="Select", exact=True).click()
    rows(page).nth(0).click()
    rows(page).nth(2).click(modifiers=["Shift"])
    selection = page.locator(".selection")
    expect(selection.get_by_role("status")).to_have_text("3 selected")
    selection.get_by_role("button", name="Delete").click()
    expect(page.locator(".row .label")).to_have_text(["espresso"])
    expect(page.locator("undo-toast")).to_contain_text("3 answers deleted")
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(4)
    assert member.stored() == 4

    rows(page).nth(1).get_by_role("button", name="Delete lynx").press("Enter")
    expect(page.locator(".row.is-deleted").get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(4)


def test_what_is_drawn_anew_is_no_longer_selected_and_the_bar_says_so(page: Page) -> None:
    rows(page).first.get_by_role("button", name="Delete tabby").click()
    page.get_by_role("button", name="Select", exact=True).click()
    rows(page).first.click()
    selection = page.locator(".selection")
    expect(selection.get_by_role("status")).to_have_text("1 selected")
    page.locator("undo-toast").get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(4)
    expect(selection.get_by_role("status")).to_have_text("0 selected")
    expect(selection.get_by_role("button", name="Delete")).to_be_disabled()


def test_the_way_to_the_next_answer_leads_there_whatever_is_undone_meanwhile(page: Page) -> None:
    rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="Delete").wait_for()
    page.reload()  # The history is not read any more.
    page.get_by_role("button", name="Delete").click()
    expect(rows(page)).to_have_count(3)
    rows(page).first.get_by_role("link").click()
    following = page.get_by_role("link", name="Next answer: tabby")
    expect(following).to_be_visible()
    page.locator("undo-toast").get_by_role("button", name="Undo").click()
    expect(page.locator("undo-toast")).to_be_hidden()
    following.click()
    expect(page.get_by_role("heading", name="tabby", level=1)).to_be_focused()


@pytest.mark.in_every_deployment("what is sent last crosses every proxy")
def test_a_deletion_is_sent_when_the_page_is_left(page: Page, member: Account) -> None:
    page.wait_for_function(WORKER_IS_IN_CHARGE)
    rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    expect(rows(page)).to_have_count(3)
    page.goto("about:blank")
    deadline = time.monotonic() + DELETION_TIMEOUT_SECONDS
    while member.stored() > 3:
        assert time.monotonic() < deadline


def test_clear_all_asks_first(page: Page, member: Account) -> None:
    page.get_by_role("button", name="Delete all").click()
    dialog = page.get_by_role("dialog", name="Delete your whole history?")
    expect(dialog.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert member.stored() == 4

    page.get_by_role("button", name="Delete all").click()
    dialog.get_by_role("button", name="Delete all").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    expect(page.get_by_role("button", name="Export")).to_be_hidden()
    assert member.stored() == 0
