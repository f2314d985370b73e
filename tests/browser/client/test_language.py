"""The language a person reads, from the first sight on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.support.client_account import Account, Row

pytestmark = [pytest.mark.browser, pytest.mark.live]

GERMAN = "Was ist auf dem Foto?"
ENGLISH = "What’s in the photo?"


@pytest.mark.needs(Offer.CREDENTIALS)
def test_a_browser_is_spoken_to_in_its_language_and_a_person_in_theirs(visit: Visit) -> None:
    visitor = visit(locale="de-AT")
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    page = visitor.open()
    expect(page.get_by_role("heading", level=1)).to_have_text(GERMAN)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Fotos auswählen")).to_be_visible()
    expect(page).to_have_title(re.compile(GERMAN.replace("?", r"\?")))
    words = {url.partition("/words/")[2] for url in asked if "/words/" in url}
    assert words == {"de/first.js"}  # nothing is fetched that nobody reads

    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH)
    expect(page.get_by_role("button", name="Deutsch")).to_be_visible()


def test_dates_and_numbers_are_those_of_the_reader(
    visit: Visit, account: Account, crop: bytes
) -> None:
    account.store([Row("tabby", 0.3, age=40 * 86_400)], crop)
    for locale, percent, month_first in (
        ("en-US", "30%", True),
        ("en-GB", "30%", False),
        ("de", "30\xa0%", False),
    ):
        page = visit(account, locale=locale).open("#/history")
        row = page.locator(".row")
        expect(row).to_contain_text(percent)
        date = row.locator("time").inner_text()
        assert bool(re.match(r"[A-Z][a-z]{2} \d", date)) is month_first, date
