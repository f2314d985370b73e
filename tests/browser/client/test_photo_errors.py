"""What is said about a photo that gets no answer, and the way on."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

MIB = 2**20
NOT_A_JPEG = b"\xff\xd8\xff\xe0" + b"no picture"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "It takes JPEG, PNG, WebP, or GIF"),
        (NOT_A_JPEG * 40, "damaged or incomplete"),
        (b"", "This file is empty"),
        (png(size=(2, 2)), "too small: each side needs at least"),
        (NOT_A_JPEG + bytes(11 * MIB), "too large: at most 10.5 MB"),
        (NOT_A_JPEG + bytes(15 * MIB), "too large: at most 10.5 MB"),
    ],
    ids=["unsupported", "unreadable", "empty", "too small", "too large", "larger than a request"],
)
def test_a_wrong_photo_gets_its_sentence_and_another_can_be_chosen(
    visit: Visit, account: Account, tmp_path: Path, content: bytes, sentence: str
) -> None:
    visitor = visit(account)
    visitor.excuse("status of 413")
    photos = PhotoPage(visitor.open())
    wrong = tmp_path / "wrong.jpg"
    wrong.write_bytes(content)
    photos.pick(wrong)
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_contain_text(sentence)
    with photos.page.expect_file_chooser() as chooser:
        card.get_by_role("button", name="Choose another photo").click()
    chooser.value.set_files(file(png()))
    photos.card("answered")
    expect(photos.cards).to_have_count(1)


def test_one_wrong_photo_does_not_stop_the_others(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    photos.pick(file(b"no", "a.png"), file(png()), file(b"no", "b.png"))
    expect(photos.page.locator("photo-card[data-state=failed]")).to_have_count(2)
    expect(photos.page.locator("photo-card[data-state=answered]")).to_have_count(1)
    remove = photos.page.locator("photo-card[data-state=failed]").get_by_role(
        "button", name="Remove"
    )
    remove.first.click()
    remove.first.click()
    expect(photos.cards).to_have_count(1)


def test_a_spent_quota_says_when_it_starts_over(visit: Visit, account: Account) -> None:
    account.spend(499)
    photos = PhotoPage(visit(account).open())
    expect(photos.page.get_by_text("1 of 500 photos left today")).to_be_visible()
    photos.pick(file(png()))
    photos.card("answered")
    expect(photos.page.get_by_text("photos are used up")).to_be_visible()

    photos.pick(file(png("blue")))
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_contain_text("There are new ones in")
    expect(card.get_by_role("button")).to_have_text(["Remove"])


def test_a_busy_server_is_asked_again_by_itself_and_then_by_hand(
    visit: Visit, account: Account, gate: Gate
) -> None:
    page = visit(account, base_url=gate.url).open()
    page.clock.install()
    photos = PhotoPage(page)
    gate.be_busy()
    photos.pick(file(png()))
    photos.card("thinking")
    asked = len(gate.requests)
    for _ in range(100):
        page.clock.run_for(2_000)
        if photos.cards.first.get_attribute("data-state") == "failed":
            break
    assert len(gate.requests) > asked + 5
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_have_text(
        "Many photos are waiting right now. Try again in a moment."
    )

    gate.open()
    card.get_by_role("button", name="Try again").click()
    photos.card("answered")
    expect(photos.cards).to_have_count(1)


def test_who_was_logged_out_elsewhere_logs_in_and_has_the_answer(
    visit: Visit, account: Account
) -> None:
    visitor = visit(account)
    photos = PhotoPage(visitor.open())
    visitor.excuse("status of 40[13]")
    account.execute("mutation { logOut { errors { code } } }")
    photos.pick(file(png()))
    photos.card("held").get_by_role("link", name="Log in").click()
    photos.page.get_by_label("E-mail address").fill(account.email)
    photos.page.get_by_label("Password", exact=True).fill(account.password)
    photos.page.get_by_role("button", name="Log in").click()
    photos.card("answered")
