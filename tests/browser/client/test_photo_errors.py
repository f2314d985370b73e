"""What is said about a photo that gets no answer, and the way on."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response, expect

from harness.databases import database_away
from tests.browser.client.clock import LONGER_THAN_PATIENCE
from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.classifier.png_pieces import chunk, with_chunks
from tests.support.client_account import Account
from tests.support.client_deployments import Deployments
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

MIB = 2**20
NOT_A_JPEG = b"\xff\xd8\xff\xe0" + b"no picture"


WRONG = (
    (b"%PDF-1.7", "Try a JPEG, PNG, WebP, GIF, AVIF, HEIC, BMP, or TIFF"),
    (NOT_A_JPEG * 40, "damaged or incomplete"),
    (with_chunks(png(), chunk(b"cICP", bytes([9, 16, 0, 1]))), "This is an HDR photo"),
    (b"", "This file is empty"),
    (png(size=(2, 2)), "too small: each side needs at least"),
)


def test_a_wrong_photo_gets_its_sentence_and_another_can_be_chosen(
    visit: Visit, account: Account, tmp_path: Path
) -> None:
    photos = PhotoPage(visit(account).open())
    for answered, (content, sentence) in enumerate(WRONG, start=1):
        photos.pick(_written(tmp_path, content))
        card = photos.card("failed")
        expect(card.get_by_role("alert")).to_contain_text(sentence)
        with photos.page.expect_file_chooser() as chooser:
            card.get_by_role("button", name="Choose another photo").click()
        chooser.value.set_files(file(png()))
        photos.card("answered")
        expect(photos.cards).to_have_count(answered)


def test_a_photo_keeps_its_place_until_another_was_chosen(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    photos.pick(file(b"no", "a.png"))
    failed = photos.page.locator("photo-card[data-state=failed]")
    with photos.page.expect_file_chooser():
        failed.get_by_role("button", name="Choose another photo").click()
    # Whoever closes the file chooser has chosen nothing; what is chosen later is no other photo.
    photos.pick(file(png()))
    photos.card("answered")
    expect(failed).to_have_count(1)
    expect(photos.cards).to_have_count(2)


def test_a_file_that_was_changed_meanwhile_is_no_outage(
    visit: Visit, account: Account, gate: Gate, tmp_path: Path
) -> None:
    page = visit(account).open()
    photos = PhotoPage(page)
    paths = [tmp_path / f"{number}.png" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(png(size=(300, 200 + number)))
    page.wait_for_load_state("networkidle")
    gate.hold()
    photos.pick(*paths)
    expect(page.locator("photo-card[data-state=thinking]")).to_have_count(2)
    for path in paths[:3]:
        path.write_bytes(b"something else, and longer" * 100)
    paths[3].unlink()
    gate.open()
    # What is on its way was read before; the others can't be any more.
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(2)
    failed = page.locator("photo-card[data-state=failed]")
    expect(failed).to_have_count(2)
    for card in failed.all():
        expect(card.get_by_role("alert")).to_contain_text("can’t be read any more")
        expect(card.get_by_role("button", name="Choose another photo")).to_be_visible()
    expect(page.locator("connection-notice")).to_be_empty()
    assert account.stored() == 2


def test_a_file_that_goes_while_the_line_is_down_is_sent_all_the_same(
    visit: Visit, account: Account, gate: Gate, tmp_path: Path
) -> None:
    visitor = visit(account)
    visitor.excuse("ERR_EMPTY_RESPONSE|ERR_CONNECTION")
    page = visitor.open()
    photos = PhotoPage(page)
    path = tmp_path / "gone.png"
    path.write_bytes(png())
    page.wait_for_load_state("networkidle")
    gate.be_gone()
    with page.expect_event("requestfailed"):
        photos.pick(path)
    path.unlink()
    gate.open()
    photos.card("answered")


def test_a_file_that_is_too_large_and_no_photo_is_refused_before_it_is_sent(
    visit: Visit, account: Account, gate: Gate, tmp_path: Path
) -> None:
    photos = PhotoPage(visit(account).open())
    photos.page.wait_for_load_state("networkidle")  # what the page itself asks for, such as lessons
    gate.requests.clear()
    photos.pick(_written(tmp_path, NOT_A_JPEG + bytes(11 * MIB)))
    alert = photos.card("failed").get_by_role("alert")
    expect(alert).to_contain_text("too large: at most 10.5 MB")
    assert gate.requests == []


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


@pytest.mark.in_every_deployment("a page sees another host's failures otherwise")
def test_a_busy_server_is_asked_again_by_itself_and_then_by_hand(
    visit: Visit, account: Account, postgres_url: str, deployed: Deployments
) -> None:
    visitor = visit(account)
    visitor.excuse("status of 503")
    page = visitor.open()
    page.clock.install()
    photos = PhotoPage(page)
    with database_away(postgres_url, urlsplit(deployed.site.database_url).path[1:]):
        with page.expect_response(_is_answer):
            photos.pick(file(png()))
        with page.expect_response(_is_answer):
            pass  # it is asked again without anybody's doing
        page.clock.fast_forward(LONGER_THAN_PATIENCE)
        card = photos.card("failed")
    expect(card.get_by_role("alert")).to_have_text(
        "Telltale has its hands full right now. Try again in a moment."
    )
    card.get_by_role("button", name="Try again").click()
    photos.card("answered")
    assert account.stored() == 1


@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_who_is_no_longer_known_comes_in_again_and_has_the_answer(
    visit: Visit, account: Account, deployment: Deployment
) -> None:
    visitor = visit(account)
    photos = PhotoPage(visitor.open())
    visitor.excuse("status of 40[13]")
    deployment.end_elsewhere(account)
    photos.pick(file(png()))
    photos.card("held").get_by_role("link", name=deployment.link_in).click()
    deployment.come_in(photos.page, account)
    photos.card("answered")


def _written(folder: Path, content: bytes) -> Path:
    path = folder / "wrong.jpg"
    path.write_bytes(content)
    return path


def _is_answer(response: Response) -> bool:
    return response.request.method == "POST" and response.url.endswith("/graphql")
