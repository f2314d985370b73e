"""What can be done with an answer: put it right, and hand it on."""

import base64
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.history_page import ROWS, open_history, rows
from tests.browser.client.looks import violations
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account, Row

CREATE = 'mutation { createClassifier(input: {name: "Pets"}) { classifier { id } } }'
EXAMPLES = (
    '{ viewer { classifier(name: "Pets") { examples { nodes { label { name } '
    "prediction { correction { label } } } } } } }"
)

pytestmark = [pytest.mark.browser, pytest.mark.live]

# The sheet of a device, which no headless browser has: it keeps what it is given, or is closed.
SHARE_SHEET = """
globalThis.shared = [];
globalThis.refusal = null;
globalThis.refusals = 0;
navigator.canShare = ({ files }) => files.every(({ type }) => type === "image/png");
navigator.share = async ({ text, files }) => {
  if (refusal) {
    refusals += 1;
    throw new DOMException("", refusal);
  }
  const read = (file) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1]);
    reader.readAsDataURL(file);
  });
  shared.push({ text, files: await Promise.all(files.map(read)) });
};
"""


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


def test_what_was_put_right_goes_by_that_name_in_the_title_on_the_way_there_and_when_deleted(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store([Row("lynx", age=10), Row("espresso", age=20)], crop)
    page = visit(account).open("#/history")
    page.locator(".row a", has_text="espresso").click()
    detail = page.locator("photo-answer")
    detail.get_by_role("button", name="Not right?").click()
    detail.get_by_label("In your own words").fill("Fred’s cup")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Fred’s cup · Telltale")

    page.get_by_role("link", name="Back to your history").click()
    page.locator(".row a", has_text="lynx").click()
    expect(page).to_have_title("lynx · Telltale")
    page.get_by_role("link", name="Next answer: Fred’s cup").click()
    expect(page).to_have_title("Fred’s cup · Telltale")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("undo-toast")).to_contain_text("Deleted “Fred’s cup”")
    expect(page.locator("#announcer")).to_have_text("Deleted “Fred’s cup”")


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


def test_a_corrected_answer_keeps_its_neighbours_and_its_place(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store(ROWS, crop)
    page = open_history(visit(account))
    rows(page).nth(1).get_by_role("link").click()
    answer = page.locator("photo-answer")
    answer.get_by_role("button", name="Not right?").click()
    answer.get_by_label("In your own words").fill("Tom")
    page.keyboard.press("Enter")
    corrected = page.get_by_role("heading", name="Tom", level=1)
    expect(corrected).to_be_focused()
    page.get_by_role("link", name="Next answer: tabby").click()
    expect(page.get_by_role("heading", name="tabby", level=1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(corrected).to_be_focused()
    page.get_by_role("link", name="Back to your history").click()
    expect(page.locator(".row .label")).to_have_text(["tabby", "Tom", "tabby", "espresso"])


def test_an_answer_is_handed_to_the_share_sheet_as_text_and_picture(
    visit: Visit, account: Account, cat: bytes
) -> None:
    visitor = visit(account)
    visitor.context.add_init_script(SHARE_SHEET)
    page = visitor.open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    label = photos.label()
    share = photos.card().get_by_role("button", name="Share")
    share.click()
    page.wait_for_function("() => shared.length === 1")
    [shared] = page.evaluate("shared")
    assert re.fullmatch(f"{label} \\(\\d+%\\)", shared["text"], re.IGNORECASE)
    [picture] = shared["files"]
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        assert image.format == "PNG"
        # What the classifier saw is square; its caption stands below.
        assert image.width < image.height

    # Closing the sheet is no failure.
    told = page.get_by_text("That didn’t work in this browser.")
    page.evaluate("refusal = 'AbortError'")
    share.click()
    page.wait_for_function("() => refusals === 1")
    page.evaluate("refusal = 'NotAllowedError'")
    expect(told).to_have_count(0)
    share.click()
    expect(told).to_be_visible()


def test_one_of_many_is_corrected_where_it_stands(
    visit: Visit, account: Account, cat: bytes
) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    names = [f"{number}.png" for number in range(6)]
    photos.pick(file(cat, names[0]), *(file(png(size=(300, 200)), name) for name in names[1:]))
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(6)
    row = photos.cards.first
    label = row.get_by_role("heading").inner_text()
    row.get_by_role("button", name=f"“{label}”: not right?").press("Enter")
    page.keyboard.press("Enter")  # the first of what else it may be
    expect(row.get_by_role("heading")).not_to_have_text(label)
    instead = row.get_by_role("heading").inner_text()
    expect(row).to_contain_text("Your correction. Telltale said")

    page.get_by_role("link", name="History", exact=True).click()
    expect(page.locator(".row .label", has_text=instead)).to_have_count(1)
    page.get_by_role("link", name="Photo", exact=True).click()
    expect(photos.cards.first.get_by_role("heading")).to_have_text(instead)
    expect(photos.cards.first).to_contain_text("Your correction. Telltale said")
    expect(photos.cards.first.locator("photo-answer")).to_have_count(0)
