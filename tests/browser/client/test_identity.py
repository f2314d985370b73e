"""Somebody comes or goes elsewhere: no view tells of lost data, or of another's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment, Offer
from tests.browser.client.photo_page import PhotoPage, file
from tests.browser.client.views import OPEN
from tests.browser.client.visitor import PHONE, Visitor
from tests.support.client_account import Account, Row
from tests.support.embeddings import embedding_of

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.needs(Offer.CREDENTIALS)]

SIGNED_OUT = "You’ve been signed out"


def test_no_view_takes_the_end_of_a_session_for_lost_data(
    visit: Visit, account: Account, crop: bytes, deployment: Deployment
) -> None:
    alike = embedding_of("a kind")
    account.store([Row("tabby", embedding=alike), Row("lynx", age=60, embedding=alike)], crop)
    visitor = visit(account, viewport=PHONE)
    visitor.excuse("status of 404")  # a crop that was on its way is nobody's to see
    page = visitor.open("#/history?order=OLDEST")
    page.locator(".row a").first.click()
    page.get_by_role("heading", name="lynx", level=1).wait_for()
    answer = f"#{page.url.partition('#')[2]}"
    for address, what_is_theirs in (
        ("#/history?order=OLDEST", page.locator(".row", has_text="tabby")),
        (answer, page.get_by_role("heading", name="lynx", level=1)),
        ("#/history/groups", page.get_by_role("group", name="2 look alike")),
        ("#/statistics", page.locator("label-chart").get_by_role("link", name="tabby")),
        ("#/account", page.get_by_text(account.email)),
    ):
        page.evaluate(OPEN, "#/")
        page.get_by_role("button", name="Choose photos").wait_for()
        visitor.context.clear_cookies(name="sessionid")
        page.evaluate(OPEN, address)
        if address == "#/account":  # nothing in it asks before somebody acts, but for the quota
            page.reload()
        expect(page.get_by_role("heading", name=deployment.heading_of_the_way_in)).to_be_visible()
        if address != "#/account":
            expect(page.locator("main")).to_contain_text(SIGNED_OUT)
        expect(what_is_theirs).to_have_count(0)
        deployment.come_in(page, account)
        expect(what_is_theirs).to_be_visible()
        assert page.url.endswith(address)


def test_a_photo_is_not_stored_for_whoever_signed_in_meanwhile(
    visit: Visit, newcomers: Iterator[Account], cat: bytes, deployment: Deployment
) -> None:
    account, other = next(newcomers), next(newcomers)
    visitor = visit(account)
    photos = PhotoPage(visitor.open())
    expect(photos.page.get_by_text("photos left today")).to_be_visible()  # it knows who is here
    photos.page.wait_for_load_state("networkidle")  # and asks for nothing while cookies change
    deployment.bring_identity(visitor.context, other)
    photos.pick(file(cat))
    photos.card("held")
    expect(photos.page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert other.stored() == 0

    photos.page.locator("site-header").get_by_role("link", name="Sign in").click()
    deployment.come_in(photos.page, account)
    label = photos.label()
    photos.page.get_by_role("link", name="History").click()
    expect(photos.page.locator(".row .label")).to_have_text([label])


def test_tabs_tell_each_other_who_comes_and_goes(
    visit: Visit, account: Account, cat: bytes, deployment: Deployment
) -> None:
    visitor = visit()
    photos = PhotoPage(visitor.open())
    photos.pick(file(cat))
    photos.card("answered")
    other = visitor.open("#/log-in")
    deployment.come_in(other, account)
    expect(_tabs(photos.page)).to_be_visible()
    # What was tried is kept: it can be put right.
    expect(photos.card("answered").get_by_role("button", name="Not right?")).to_be_visible()

    reading = visitor.open("#/statistics")
    reading.get_by_role("heading", name="Statistics").wait_for()
    other.get_by_role("link", name="Account").click()
    other.get_by_role("button", name=deployment.way_out).click()
    expect(reading.locator("main")).to_contain_text(SIGNED_OUT)
    expect(_tabs(photos.page)).to_have_count(0)
    deployment.come_in(reading, account)
    expect(reading.get_by_role("heading", name="Statistics")).to_be_visible()
    expect(_tabs(photos.page)).to_be_visible()


def test_what_is_open_is_given_up_when_another_signs_in(
    visit: Visit, newcomers: Iterator[Account], deployment: Deployment
) -> None:
    account, another = next(newcomers), next(newcomers)
    visitor = visit(account)
    page = visitor.open("#/account")
    expect(page.get_by_text(account.email)).to_be_visible()
    other = _open_as_nobody(visitor)
    deployment.come_in(other, another)
    expect(page.locator("main")).to_contain_text(SIGNED_OUT)
    expect(page.get_by_text(account.email)).to_have_count(0)


def test_what_somebody_left_is_shown_in_no_other_tab(
    visit: Visit, account: Account, cat: bytes, deployment: Deployment
) -> None:
    visitor = visit(account)
    visitor.excuse("status of 404")  # a crop that was on its way is nobody's to see
    photos = PhotoPage(visitor.open())
    photos.pick(file(cat, "mine.png"), file(b"no", "nor this.png"))
    expect(photos.page.locator("photo-card[data-state=answered]")).to_have_count(1)
    expect(photos.page.locator("photo-card[data-state=failed]")).to_have_count(1)
    other = visitor.open("#/account")
    other.get_by_role("button", name=deployment.way_out).click()
    expect(other.locator("main")).to_contain_text("Nothing of yours is left in this browser.")
    expect(photos.page.locator("undo-toast")).to_contain_text(SIGNED_OUT)
    expect(photos.cards).to_have_count(0)


def test_a_session_that_ran_out_keeps_its_answers_until_another_comes(
    visit: Visit, newcomers: Iterator[Account], cat: bytes, deployment: Deployment
) -> None:
    account, another = next(newcomers), next(newcomers)
    visitor = visit(account)
    visitor.excuse("status of 404")  # a crop that was on its way is nobody's to see
    photos = PhotoPage(visitor.open())
    photos.pick(file(cat))
    photos.card("answered")
    other = _open_as_nobody(visitor)
    photos.page.evaluate(OPEN, "#/history")
    expect(photos.page.locator("main")).to_contain_text(SIGNED_OUT)
    photos.page.evaluate(OPEN, "#/")
    photos.card("answered")
    deployment.come_in(other, another)
    expect(photos.cards).to_have_count(0)


def _tabs(page: Page) -> Locator:
    return page.locator("site-header .tabs")


def _open_as_nobody(visitor: Visitor) -> Page:
    visitor.context.clear_cookies(name="sessionid")
    return visitor.open("#/log-in")
