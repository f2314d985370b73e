"""Many photos are one job: in their order, seen from everywhere, and nothing of it is lost."""

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

# Folders with photos and a folder, as a drop has them; a browser gives no other way to make one.
DROP_FOLDERS = """async ([png, avif]) => {
  const fileEntry = (name, type, text = png) => ({
    isFile: true, name, file: (take) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      take(new File([bytes], name, { type }));
    },
  });
  const folder = (name, entries) => ({
    isDirectory: true, name,
    createReader: () => ({ readEntries: (take) => take(entries.splice(0, 1)) }),
  });
  const inner = folder("inner", [fileEntry("3.png", "image/png")]);
  const outer = folder("outer", [
    fileEntry("10.png", "image/png"), fileEntry("2.png", "image/png"),
    fileEntry("notes.pdf", "application/pdf"), inner,
  ]);
  const other = folder("other", [fileEntry("4.png", "image/png")]);
  const event = new Event("drop", { bubbles: true, cancelable: true });
  const dropped = [outer, other, fileEntry("5.avif", "image/avif", avif)];
  const items = dropped.map((entry) => ({ webkitGetAsEntry: () => entry }));
  event.dataTransfer = { types: ["Files"], files: [], items };
  document.body.dispatchEvent(event);
}"""

ONE_ROW_PIXELS = 60
LISTEN = """() => {
  globalThis.heard = [];
  const announcer = document.getElementById("announcer");
  new MutationObserver(() => heard.push(announcer.textContent))
    .observe(announcer, { childList: true });
}"""
# Those that are named, and those that are counted.
HEARD_OF = """([answer, count]) => count === heard.reduce((sum, sentence) =>
  sum + sentence.split(answer).length - 1
    + Number(/and (\\d+) more/.exec(sentence)?.[1] ?? 0), 0)"""

# Nothing tells a person so: it takes milliseconds.
WRITTEN_DOWN = """async (count) => {
  const opened = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
  });
  const database = await opened(indexedDB.open("telltale", 1));
  const written = await opened(database.transaction("photos").objectStore("photos").count());
  database.close();
  return written === count;
}"""


def test_a_job_is_seen_from_every_page_and_a_reload_loses_nothing_of_it(
    visit: Visit, account: Account, gate: Gate
) -> None:
    page = visit(account, viewport=PHONE).open()
    photos = PhotoPage(page)
    names = [f"IMG_{number}.png" for number in range(12)]
    gate.hold()
    photos.pick(*(file(png(size=(300, 200 + number)), name) for number, name in enumerate(names)))
    expect(photos.cards).to_have_count(12)
    page.get_by_role("link", name="History").click()
    job = page.locator("photo-job")
    expect(job).to_contain_text("0 of 12 answered")
    expect(job.get_by_role("link", name="Show them")).to_be_visible()
    page.wait_for_function(WRITTEN_DOWN, arg=12)
    page.reload()
    gate.open()
    page.get_by_role("link", name="Photo", exact=True).click()
    expect(job).to_contain_text("12 of 12 answered")
    box = job.bounding_box()
    assert box is not None
    assert box["height"] < ONE_ROW_PIXELS
    assert photos.cards.locator(".file").all_inner_texts() == names
    assert account.stored() == 12
    job.get_by_role("link", name="To your history").click()
    expect(page.locator(".row")).to_have_count(12)


def test_whoever_only_hears_the_page_is_told_of_every_answer_and_not_of_each(
    visit: Visit, account: Account, gate: Gate
) -> None:
    page = visit(account).open()
    page.evaluate(LISTEN)
    photos = PhotoPage(page)
    gate.hold()
    photos.pick(*(file(png(), f"{number}.png") for number in range(12)))
    expect(photos.cards).to_have_count(12)
    gate.open()
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(12)
    answer = f"{photos.card().get_by_role('heading').inner_text()}."
    page.wait_for_function(HEARD_OF, arg=[answer, 12])
    heard = page.evaluate("heard")
    assert len(heard) < 12
    assert all(sentence.count(answer) <= 3 for sentence in heard)


def test_whoever_only_hears_the_page_is_told_no_more_than_what_is_shown(
    visit: Visit, account: Account, cat: bytes
) -> None:
    page = visit(account).open()
    page.evaluate(LISTEN)
    photos = PhotoPage(page)
    photos.pick(file(cat))
    heading = photos.card("answered").get_by_role("heading").inner_text()
    assert heading.lower() != photos.label().lower()  # of this one it is not sure
    expect(page.locator("#announcer")).to_have_text(f"{heading}.")
    assert page.evaluate("heard") == [f"{heading}."]


def test_folders_are_walked_and_what_is_no_photo_is_named_in_one_line(
    visit: Visit, account: Account, cat: bytes
) -> None:
    page = visit(account).open("#/statistics")
    page.get_by_role("heading", name="Statistics").wait_for()
    texts = [base64.b64encode(each).decode() for each in (cat, _avif())]
    page.evaluate(DROP_FOLDERS, texts)
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(5)
    names = ["2.png", "10.png", "3.png", "4.png", "5.avif"]
    assert page.locator("photo-card .file").all_inner_texts() == names
    expect(page.locator("undo-toast")).to_contain_text("“notes.pdf” was left out")


def test_failed_ones_are_tried_again_together_and_the_rest_is_cancelled(
    visit: Visit, account: Account, gate: Gate
) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    photos.pick(file(b"no", "a.png"), file(png(), "b.png"), file(b"no", "c.png"))
    job = page.locator("photo-job")
    expect(job).to_contain_text("1 of 3 answered, 2 failed")
    job.get_by_role("button", name="Close").click()
    expect(job).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    photos.pick(file(png("blue"), "d.png"))
    expect(job).to_contain_text("2 of 4 answered, 2 failed")
    gate.hold()
    job.get_by_role("button", name="Try again").click()
    job.get_by_role("button", name="Cancel the rest").click()
    expect(photos.cards).to_have_count(2)
    gate.open()


def _avif() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(content, "AVIF")
    return content.getvalue()
