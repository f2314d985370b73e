import base64
import io
import re
import secrets
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

CATS = re.compile("tabby|tiger cat|Egyptian cat")
FEW_HUNDRED_KILOBYTES = 700_000
WRITE_TO_CLIPBOARD = """async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const picture = new Blob([bytes], { type: "image/png" });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
}"""


@pytest.mark.needs(Offer.CREDENTIALS)
@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_a_stranger_drops_a_photo_registers_and_has_the_answer(visit: Visit, cat: bytes) -> None:
    page = visit().open()
    photos = PhotoPage(page)
    photos.drop(file(cat, "chelsea.png"))
    assert CATS.search(photos.label())

    page.locator("site-header").get_by_role("link", name="Create account").click()
    page.get_by_label("E-mail address").fill(f"{secrets.token_hex(6)}@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery 9")
    page.get_by_role("button", name="Create account").click()

    assert CATS.search(photos.label())
    expect(page.get_by_text("499 of 500 photos left today")).to_be_visible()


@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_an_answer_is_a_label_an_honest_confidence_and_bars(
    visit: Visit, account: Account, cat: bytes
) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    photos.pick(file(cat))
    card = photos.card("answered")

    card.get_by_text("less likely").click()
    bars = card.get_by_role("listitem")
    expect(bars).to_have_count(5)
    percents = [int(re.sub(r"\D", "", text)) for text in card.locator(".percent").all_inner_texts()]
    assert percents == sorted(percents, reverse=True)
    expect(card.get_by_role("heading")).to_have_text(re.compile(photos.label(), re.IGNORECASE))
    words = "Almost certain|Quite sure|Probably|Unsure|Only a guess"
    expect(card.locator(".confidence")).to_have_text(re.compile(f"({words}): {percents[0]}%"))
    widths = [box["width"] for bar in card.locator(".value").all() if (box := bar.bounding_box())]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 0
    heading = card.get_by_role("heading").inner_text()
    expect(page.locator("#announcer")).to_have_text(f"{heading}.")


def test_several_photos_are_answered_in_the_order_they_were_chosen(
    visit: Visit, account: Account, photo: Callable[[str], bytes]
) -> None:
    photos = PhotoPage(visit(account).open())
    names = ["coffee.png", "rocket.jpg", "chelsea.png"]
    photos.pick(*(file(photo(name), name) for name in names))
    expect(photos.page.locator("photo-card[data-state=answered]")).to_have_count(3)
    labels = [card.locator(".seen .label").first.inner_text() for card in photos.cards.all()]
    assert labels[0] in {"espresso", "cup"}
    assert labels[1] in {"missile", "projectile"}
    assert CATS.search(labels[2])
    assert photos.cards.locator(".file").all_inner_texts() == names


def test_a_photo_that_the_browser_cannot_show_has_its_picture_with_its_answer(
    visit: Visit, account: Account, gate: Gate, cat: bytes
) -> None:
    scan = io.BytesIO()
    with Image.open(io.BytesIO(cat)) as image:
        image.convert("RGB").save(scan, "TIFF")
    photos = PhotoPage(visit(account).open())
    photos.page.wait_for_load_state("networkidle")
    gate.hold()
    photos.pick(file(scan.getvalue(), "scan.tiff", "image/tiff"))
    expect(photos.card("thinking").locator(".preview")).to_be_hidden()
    gate.open()
    expect(photos.card("answered").locator(".preview img")).to_be_visible()


def test_a_photo_is_pasted(visit: Visit, account: Account, cat: bytes) -> None:
    visitor = visit(account, permissions=["clipboard-read", "clipboard-write"])
    photos = PhotoPage(visitor.open())
    photos.page.evaluate(WRITE_TO_CLIPBOARD, base64.b64encode(cat).decode())
    photos.page.keyboard.press("Control+V")
    assert CATS.search(photos.label())


def test_a_photo_can_be_dropped_on_any_page(visit: Visit, account: Account, cat: bytes) -> None:
    page = visit(account).open("#/statistics")
    expect(page.get_by_role("heading", name="Statistics")).to_be_visible()
    photos = PhotoPage(page)
    photos.drop(file(cat))
    assert CATS.search(photos.label())


def test_the_camera_takes_a_photo_and_can_be_turned(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    # Whoever presses twice wants one: one camera, one photo.
    photos.page.get_by_role("button", name="Use the camera").dblclick()
    dialog = photos.page.get_by_role("dialog", name="Camera")
    shoot = dialog.get_by_role("button", name="Take the photo")
    expect(shoot).to_be_enabled()
    dialog.get_by_role("button", name="Switch camera").click()
    expect(dialog.locator("video.is-mirrored")).to_be_visible()
    expect(shoot).to_be_enabled()
    expect(photos.page.locator("dialog")).to_have_count(1)
    shoot.dblclick()
    expect(dialog).to_be_hidden()
    assert photos.label()
    expect(photos.cards).to_have_count(1)


def test_who_refuses_the_camera_is_told_what_else_to_do(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    photos.page.evaluate(
        """() => { navigator.mediaDevices.getUserMedia = () =>
            Promise.reject(new DOMException("", "NotAllowedError")); }"""
    )
    photos.page.get_by_role("button", name="Use the camera").click()
    dialog = photos.page.get_by_role("dialog", name="Camera")
    expect(dialog.get_by_role("alert")).to_contain_text("or choose a photo")
    with photos.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files(file(png()))
    expect(photos.page.locator("camera-dialog")).to_have_count(0)
    photos.card("answered")


def test_twelve_megapixels_are_sent_upright_in_a_few_hundred_kilobytes(
    visit: Visit, account: Account, photo: Callable[[str], bytes]
) -> None:
    with Image.open(io.BytesIO(photo("coffee.png"))) as coffee:
        upright = coffee.convert("RGB").resize((3000, 4000), Image.Resampling.BICUBIC)
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90° clockwise to look at it
    content = io.BytesIO()
    lying.save(content, "JPEG", quality=95, exif=exif)
    assert len(content.getvalue()) > 2 * FEW_HUNDRED_KILOBYTES
    photos = PhotoPage(visit(account).open())
    photos.pick(file(content.getvalue(), "phone.jpg", "image/jpeg"))
    photos.card("answered").get_by_role("link", name="Details").click()
    expect(photos.page.get_by_text("JPEG, 640 × 853 pixels")).to_be_visible()
    history = account.execute("{ viewer { history { edges { node { image { bytes } } } } } }")
    [edge] = history["viewer"]["history"]["edges"]
    assert 10_000 < edge["node"]["image"]["bytes"] < FEW_HUNDRED_KILOBYTES
