"""What can be done with an answer: put it right, and hand it on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.looks import violations
from tests.browser.client.photo_page import PhotoPage, file
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account

CREATE = 'mutation { createClassifier(input: {name: "Pets"}) { classifier { id } } }'
EXAMPLES = (
    '{ viewer { classifier(name: "Pets") { examples { nodes { label { name } '
    "prediction { correction { label } } } } } } }"
)

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_an_answer_is_corrected_in_two_presses_taken_back_and_handed_on(
    visit: Visit, account: Account, cat: bytes
) -> None:
    visitor = visit(account, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open()
    photos = PhotoPage(page)
    photos.pick(file(cat, "tom.png"))
    card = photos.card("answered")
    label = photos.label()

    card.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert re.fullmatch(f"{label} \\(\\d+%\\)", copied, re.IGNORECASE)
    with page.expect_download() as download:
        card.get_by_role("button", name="Save as picture").click()
    assert download.value.suggested_filename == f"{label.replace(' ', '-')}.png"

    card.get_by_role("button", name="Not right?").click()
    other = card.locator("form .actions button").first
    instead = other.inner_text()
    other.click()
    heading = card.get_by_role("heading")
    expect(heading).to_have_text(re.compile(instead, re.IGNORECASE))
    expect(card).to_contain_text(f"Telltale said {label}")
    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Undo")).to_have_count(0)

    card.get_by_role("link", name="Details").click()
    detail = page.locator("photo-answer")
    detail.get_by_role("button", name="Not right?").click()
    detail.get_by_label("In your own words").fill("My cat Tom")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My cat Tom")
    history = account.execute(
        "{ viewer { history { edges { node { label correction { label } } } } } }"
    )
    [edge] = history["viewer"]["history"]["edges"]
    assert edge["node"] == {"label": label, "correction": {"label": "My cat Tom"}}


def test_a_correction_is_taught_to_a_lesson_in_one_go(
    visit: Visit, account: Account, cat: bytes
) -> None:
    account.execute(CREATE)
    page = visit(account, viewport=PHONE).open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    photos.card("answered").get_by_role("link", name="Details").click()
    detail = page.locator("photo-answer")
    detail.get_by_role("button", name="Not right?").click()
    detail.get_by_label("Teach it to").select_option("Pets")
    detail.get_by_label("In your own words").fill("Tom")
    assert violations(page) == []
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Tom", level=1)
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    assert violations(page) == []
    nodes = account.execute(EXAMPLES)["viewer"]["classifier"]["examples"]["nodes"]
    assert nodes == [{"label": {"name": "Tom"}, "prediction": {"correction": {"label": "Tom"}}}]

    # Once the lesson has a label it is one press.
    detail.get_by_role("button", name="Not right?").click()
    detail.get_by_label("Teach it to").select_option("Pets")
    expect(detail.locator("form .actions").get_by_role("button")).to_have_text(["Tom"])
    page.keyboard.press("Escape")
    expect(detail.locator("form")).to_have_count(0)
    page.get_by_role("link", name="Let “Pets” learn it").click()
    expect(page.get_by_role("heading", name="Pets", level=1)).to_be_visible()
