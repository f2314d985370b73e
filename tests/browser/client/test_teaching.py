import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.lesson_page import LessonPage
from tests.browser.client.looks import overflows, violations
from tests.browser.client.photo_page import PhotoPage, file, transfer_of
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account
from tests.support.pictures import encoded

pytestmark = [pytest.mark.browser, pytest.mark.live]

Photo = Callable[[str], bytes]
# Axe would see the colours of a button on their way from one to the other.
STILL = {"reduced_motion": "reduce"}
THINGS = re.compile("missile|rocket|projectile|espresso|cup")
LESSONS = "{ viewer { classifiers(first: 5) { nodes { id } } } }"
DELETE = """
mutation ($input: DeleteClassifierInput!) { deleteClassifier(input: $input) { errors { code } } }
"""


def test_a_newcomer_with_a_camera_teaches_two_things_tries_and_corrects(
    visit: Visit, account: Account, photo: Photo
) -> None:
    page = visit(account, viewport=PHONE, has_touch=True, **STILL).open("#/lessons")
    lesson = LessonPage(page)
    lesson.hold([photo("chelsea.png"), photo("coffee.png"), photo("hubble_deep_field.jpg")])
    lesson.begin("At home", "Chelsea", "cup")

    page.locator(".actions.main").get_by_role("button", name="Camera").click()
    expect(page.get_by_role("radio", name="Chelsea")).to_be_checked()
    expect(page.get_by_role("button", name="Take the photo")).to_be_enabled()
    lesson.turn_to(0)
    lesson.press(5)
    page.locator(".chip", has_text="cup").click()
    lesson.turn_to(1)
    lesson.press(5)
    assert violations(page) == []
    lesson.done()
    expect(lesson.said).to_contain_text("10 photos added.")
    expect(lesson.label("cup").locator("crop-image img")).to_have_count(5)
    lesson.learn()
    expect(page.get_by_role("button", name="Try it")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="What is this?")).to_be_enabled()
    lesson.turn_to(1)
    expect(lesson.ask().get_by_role("heading")).to_have_text("cup")
    lesson.turn_to(0)
    expect(lesson.ask().get_by_role("heading")).to_have_text("Chelsea")
    lesson.turn_to(2)
    answer = lesson.ask()
    expect(answer.get_by_role("heading")).to_have_text("None of these")
    answer.get_by_text("Not right?").click()
    assert violations(page) == []
    answer.get_by_role("button", name="cup").click()
    expect(answer).to_contain_text("Noted as “cup”")
    lesson.done()

    # What was put right is an example, and there is something new to learn.
    expect(page.get_by_text("There are changes since.")).to_be_visible()
    expect(lesson.label("cup")).to_contain_text("6 photos")
    lesson.learn()
    assert violations(page) == []
    assert dict(overflows(page)) == {}
    assert account.stored() == 3


def test_folders_become_labels_and_what_was_there_already_is_told(
    visit: Visit, account: Account, photo: Photo, tmp_path: Path
) -> None:
    folder = _folder_of_crops(tmp_path, cup=photo("coffee.png"), cat=photo("chelsea.png"))
    page = visit(account, color_scheme="dark", **STILL).open("#/lessons")
    lesson = LessonPage(page)
    lesson.begin("From a folder", "cup", "moon")
    for told in ("12 photos added.", "12 were there already."):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose a folder").click()
        chooser.value.set_files(folder)
        expect(lesson.said).to_contain_text(told)
    expect(lesson.label("cat")).to_contain_text("6 photos")
    expect(page.get_by_text("“moon” has 0 photos; it takes two")).to_be_visible()
    lesson.label("moon").get_by_role("button", name="Remove").click()
    expect(lesson.label("moon")).to_have_count(0)

    # What is dropped on a label is for that, and beside them for none.
    for place, told in (
        (page.locator("footer"), "Drop photos on the label they belong to"),
        (lesson.label("cat"), "1 photo added."),
    ):
        transfer = transfer_of(page, file(photo("horse.png"), "horse.png"))
        place.dispatch_event("drop", {"dataTransfer": transfer})
        expect(lesson.said).to_contain_text(told)
    expect(lesson.label("cat")).to_contain_text("7 photos")

    # A photo that came to the wrong label is put where it belongs.
    lesson.learn()
    lesson.label("cat").get_by_role("button", name="A photo of “cat”").first.click()
    page.get_by_role("dialog").get_by_role("button", name="cup").click()
    expect(lesson.label("cup")).to_contain_text("7 photos")
    lesson.learn()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download version 2").click()
    assert download.value.suggested_filename == "From a folder-2.zip"
    download.value.save_as(tmp_path / "From a folder-2.zip")
    (tmp_path / "damaged.zip").write_bytes(b"no zip")
    with zipfile.ZipFile(tmp_path / "From a folder-2.zip") as archive:
        assert json.loads(archive.read("card.json"))["labels"] == ["cat", "cup"]

    # The way back tells what it changes.
    page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Use version 1?")
    expect(dialog).to_contain_text("There are no photos in your history")
    assert violations(page) == []
    dialog.get_by_role("button", name="Use version 1").click()
    used = page.locator("lesson-versions li", has=page.get_by_text("in use", exact=True))
    expect(used).to_contain_text("Version 1")
    assert violations(page) == []

    page.get_by_role("button", name="Delete the lesson").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the lesson").click()
    expect(page).to_have_url(re.compile("#/lessons$"))
    expect(page.locator("lessons-view .lessons")).to_be_empty()

    # What was downloaded comes back, under its name.
    for brought in (tmp_path / "damaged.zip", tmp_path / "From a folder-2.zip"):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose the file").click()
        chooser.value.set_files(brought)
        if brought.stem == "damaged":
            expect(page.get_by_role("alert")).to_contain_text("the file is damaged")
            assert violations(page) == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("From a folder")
    expect(page.get_by_role("button", name="Try it")).to_be_visible()


def test_photos_of_the_history_are_taught_with_and_what_was_taught_answers(
    visit: Visit, account: Account, photo: Photo
) -> None:
    page = visit(account, **STILL).open()
    photos = PhotoPage(page)
    names = ("chelsea.png", "coffee.png", "rocket.jpg", "hubble_deep_field.jpg")
    photos.pick(*(file(photo(name), name) for name in names))
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(len(names))
    page.evaluate("location.hash = '#/lessons'")
    lesson = LessonPage(page)
    lesson.begin("Things", "made", "found")
    picked = page.get_by_role("dialog").get_by_role("checkbox")
    # What is taught with already is not offered again.
    for label, offered, name in (("made", 4, THINGS), ("found", 2, re.compile(""))):
        lesson.label(label).get_by_role("button", name="History").click()
        expect(picked).to_have_count(offered)
        for box in page.get_by_role("dialog").get_by_role("checkbox", name=name).all():
            box.check()
        page.get_by_role("dialog").get_by_role("button", name="Add").click()
        expect(lesson.label(label)).to_contain_text("2 photos")
    lesson.learn()

    page.get_by_role("link", name="Photo", exact=True).click()
    page.get_by_label("Who answers").select_option("Things")
    photos.pick(file(photo("coffee.png"), "again.png"))
    answers = page.locator("photo-card[data-state=answered]")
    expect(answers).to_have_count(len(names) + 1)
    expect(answers.first.get_by_role("heading")).to_contain_text(re.compile("made", re.IGNORECASE))
    assert violations(page) == []
    answers.last.get_by_role("link", name="Details").click()
    expect(page.get_by_text(re.compile("Things: (made|found)"))).to_be_visible()
    assert violations(page) == []

    # Somebody deletes it elsewhere while a photo is meant for it: Telltale itself can still answer.
    page.get_by_role("link", name="Photo", exact=True).click()
    page.get_by_label("Who answers").select_option("Things")
    [things] = account.execute(LESSONS)["viewer"]["classifiers"]["nodes"]
    account.execute(DELETE, {"input": {"id": things["id"]}})
    photos.pick(file(photo("rocket.jpg"), "late.jpg"))
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_contain_text("isn’t there any more")
    card.get_by_role("button", name="Ask Telltale itself").click()
    photos.card("answered")


def test_a_photo_that_looks_the_same_as_another_is_told_and_which_label_it_contradicts(
    visit: Visit, account: Account, photo: Photo
) -> None:
    page = visit(account, viewport=PHONE).open("#/lessons")
    lesson = LessonPage(page)
    lesson.begin("Animals", "horse", "cat")
    with Image.open(io.BytesIO(photo("horse.png"))) as opened:
        image = opened.convert("RGB")
    for label, name, told in (
        ("horse", "one.png", "1 photo added."),
        ("horse", "two.jpeg", "two.jpeg looks the same as a photo that is there: five different"),
        ("cat", "three.bmp", "three.bmp looks the same as a photo of “horse”: only one of them"),
    ):
        kind = name.partition(".")[2]
        same = file(encoded(image, kind.upper()), name, f"image/{kind}")
        lesson.label(label).locator("input").set_input_files(same)
        expect(lesson.said).to_contain_text(told)
    expect(lesson.label("horse")).to_contain_text("2 photos")
    assert violations(page) == []


def _folder_of_crops(folder: Path, **photos: bytes) -> Path:
    """Six different pieces of each photo, in a folder of its name."""
    for name, content in photos.items():
        (folder / "all" / name).mkdir(parents=True)
        with Image.open(io.BytesIO(content)) as whole:
            picture = whole.convert("RGB")
        for number in range(6):
            inset = 4 * number
            width, height = picture.size
            piece = picture.crop((inset, inset, width - inset, height - inset))
            piece.save(folder / "all" / name / f"{number}.jpg")
    return folder / "all"
