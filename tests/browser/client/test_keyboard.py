"""Everything with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

MOST_TABS = 80
FOCUSED = """() => {
  const node = document.activeElement;
  const shown = node.matches("input[type=radio], input[type=checkbox]") ? node.parentElement : node;
  const { outlineStyle, boxShadow } = getComputedStyle(node);
  const parent = getComputedStyle(shown);
  const named = node.labels?.[0] ?? node;
  return {
    name: (node.getAttribute("aria-label") ?? named.innerText ?? "").trim(),
    isVisible: outlineStyle !== "none" || boxShadow !== "none" || parent.outlineStyle !== "none",
  };
}"""


def test_a_newcomer_needs_no_mouse(visit: Visit, cat: bytes) -> None:
    page = visit().open()
    _press(page, "Create account")
    page.get_by_role("heading", name="Create your account").wait_for()
    _tab_to(page, "E-mail address")
    page.keyboard.type("keys@example.org")
    _tab_to(page, "Password")
    page.keyboard.type("correct horse battery 9")
    page.keyboard.press("Enter")

    with page.expect_file_chooser() as chooser:
        expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
        _press(page, "Choose photos")
    chooser.value.set_files(file(cat))
    label = PhotoPage(page).label()
    _press(page, "Details")
    expect(page.get_by_role("heading", name=label, level=1)).to_be_focused()
    _press(page, "Delete")
    page.get_by_role("heading", name="Nothing here yet").wait_for()
    _press(page, "Undo")
    expect(page.locator(".row .label")).to_have_text([label])
    _press(page, "Filter and sort")
    _tab_to(page, "Sort")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/#/history?order=OLDEST")
    _press(page, "Export")
    dialog = page.get_by_role("dialog", name="Export")
    with page.expect_download():
        _press(page, "Save as JSON")
    expect(dialog.get_by_text("1 answer saved.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_tokens_are_made_and_revoked_and_the_way_out_found(visit: Visit, account: Account) -> None:
    page = visit(account).open("#/account?for=developers")
    _press(page, "Create a token")
    _tab_to(page, "What it’s for")
    page.keyboard.type("Keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Read the history")).not_to_be_checked()
    _press(page, "Create token")
    _press(page, "Done")
    _press(page, "Revoke Keys")
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    _press(page, "Revoke")
    expect(page.locator("token-list li")).to_contain_text("Revoked")
    _press(page, "Sign out")
    expect(page.get_by_role("heading", name="Welcome back")).to_be_visible()


def test_the_camera_is_opened_used_and_closed(visit: Visit, account: Account) -> None:
    page = visit(account).open()
    _press(page, "Use the camera")
    dialog = page.get_by_role("dialog", name="Camera")
    expect(dialog.get_by_role("button", name="Take the photo")).to_be_enabled()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    _press(page, "Use the camera")
    expect(dialog.get_by_role("button", name="Take the photo")).to_be_enabled()
    _press(page, "Take the photo")
    PhotoPage(page).card("answered")


def test_the_first_tab_leads_past_the_header(visit: Visit, collector: Account) -> None:
    page = visit(collector).open("#/history")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()


def test_what_is_about_to_be_pressed_stays_while_photos_are_answered(
    visit: Visit, account: Account, gate: Gate
) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    gate.hold()
    photos.pick(file(png()))
    photos.card("thinking")
    _tab_to(page, "History")
    gate.open()
    photos.card("answered")
    expect(page.get_by_role("link", name="History", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)


def _press(page: Page, name: str) -> None:
    """Walk to what bears the name and press Enter."""
    _tab_to(page, name)
    page.keyboard.press("Enter")


def _tab_to(page: Page, name: str) -> None:
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        seen.append(focused["name"])
        if focused["name"] == name:
            assert focused["isVisible"], f"{name} does not show that it is focused"
            return
    raise AssertionError(f"The Tab key never came to {name}, but to {seen}")
