"""A network that is slow or gone, and a server that sleeps, falls silent and comes back."""

import pytest
from playwright.sync_api import expect

from tests.browser.client.clock import LONGER_THAN_PATIENCE, stop_clock
from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

FAILED_REQUESTS = r"Failed to load resource|blocked by CORS policy"
SLOW_MILLISECONDS = 5_000


@pytest.fixture
def photos(visit: Visit, account: Account) -> PhotoPage:
    """The first page of somebody who is logged in."""
    visitor = visit(account)
    visitor.excuse(FAILED_REQUESTS)
    return PhotoPage(visitor.open())


@pytest.mark.in_every_deployment("a page sees another host's failures otherwise")
def test_a_photo_waits_while_the_server_wakes_up(
    photos: PhotoPage, gate: Gate, deployment: Deployment
) -> None:
    notice = photos.page.locator("connection-notice")
    gate.answer(503)
    photos.pick(file(png()))
    expect(notice).to_contain_text(deployment.sentence_of_a_sleeping_server)
    gate.open()
    photos.card("answered")
    expect(notice).to_be_empty()


def test_a_silent_server_is_said_to_be_slow_and_its_answer_still_counts(
    photos: PhotoPage, gate: Gate
) -> None:
    notice = photos.page.locator("connection-notice")
    stop_clock(photos.page)
    gate.hold()
    photos.pick(file(png()))
    photos.card("thinking")
    expect(notice).to_be_empty()
    photos.page.clock.run_for(SLOW_MILLISECONDS)
    expect(notice).to_contain_text("taking longer than usual")
    gate.open()
    photos.card("answered")
    expect(notice).to_be_empty()


@pytest.mark.in_every_deployment("a page sees another host's failures otherwise")
def test_a_server_that_is_gone_and_back_answers_once(
    photos: PhotoPage, account: Account, gate: Gate
) -> None:
    notice = photos.page.locator("connection-notice")
    gate.be_gone()
    photos.pick(file(png()))
    expect(notice).to_contain_text("be reached right now. We’ll keep trying.")
    gate.open()
    photos.card("answered")
    expect(notice).to_be_empty()
    assert account.stored() == 1


def test_a_photo_whose_answer_was_lost_is_stored_once(
    photos: PhotoPage, account: Account, gate: Gate
) -> None:
    gate.lose_answers()
    photos.pick(file(png()))
    expect(photos.page.locator("connection-notice")).to_contain_text("We’ll keep trying")
    gate.open()
    photos.card("answered")
    history = account.execute("{ viewer { history { totalCount } quota { used } } }")
    assert history == {"viewer": {"history": {"totalCount": 1}, "quota": {"used": 1}}}


def test_offline_is_said_at_once_and_the_photo_leaves_when_it_is_over(photos: PhotoPage) -> None:
    notice = photos.page.locator("connection-notice")
    # Brought when the page has nothing else to do; later the service worker has it.
    photos.page.wait_for_function("() => Boolean(customElements.get('photo-card'))")
    photos.page.context.set_offline(True)
    expect(notice).to_contain_text("You’re offline")
    photos.pick(file(png()))
    expect(photos.page.locator("photo-card:not([data-state=failed])")).to_have_count(1)
    photos.page.context.set_offline(False)
    photos.card("answered")
    expect(notice).to_be_empty()


def test_after_long_patience_it_can_be_tried_again(photos: PhotoPage, gate: Gate) -> None:
    photos.page.wait_for_load_state("networkidle")  # nothing but the photo shall be tried again
    photos.page.clock.install()
    gate.be_gone()
    photos.pick(file(png()))
    expect(photos.page.locator("connection-notice")).to_contain_text("We’ll keep trying")
    photos.page.clock.fast_forward(LONGER_THAN_PATIENCE)
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_contain_text("Check your connection, then try again.")
    expect(photos.page.locator("connection-notice")).to_be_empty()  # for nobody keeps trying
    gate.open()
    card.get_by_role("button", name="Try again").click()
    photos.card("answered")


def test_what_nobody_tries_on_is_not_said_to_be_tried_on(
    visit: Visit, photos: PhotoPage, gate: Gate
) -> None:
    notice = photos.page.locator("connection-notice")
    gate.be_gone()
    photos.pick(file(png()))
    expect(notice).to_contain_text("We’ll keep trying")
    photos.card().get_by_role("button", name="Cancel").click()
    expect(photos.cards).to_have_count(0)
    expect(notice).to_be_empty()
    gate.open()

    visitor = visit()
    visitor.excuse(FAILED_REQUESTS)
    page = visitor.open("#/log-in")
    page.wait_for_load_state("networkidle")
    gate.be_gone()
    page.get_by_label("E-mail address").fill("somebody@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery 9")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main").get_by_role("alert")).to_contain_text("Check your connection")
    expect(page.locator("connection-notice")).to_be_empty()


@pytest.mark.in_every_deployment("a page sees another host's failures otherwise")
def test_a_first_visit_to_a_sleeping_server_goes_on_when_it_is_awake(
    visit: Visit, account: Account, gate: Gate, deployment: Deployment
) -> None:
    visitor = visit(account)
    visitor.excuse(FAILED_REQUESTS)
    gate.answer(503)
    page = visitor.begin_to_open("#/history")
    notice = page.locator("connection-notice")
    expect(notice).to_contain_text(deployment.sentence_of_a_sleeping_server)
    expect(page.locator("main").get_by_role("status")).to_have_text("One moment …")
    gate.open()
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()
    expect(notice).to_be_empty()


def test_a_history_that_cannot_be_read_can_be_tried_again(
    visit: Visit, account: Account, gate: Gate, deployment: Deployment
) -> None:
    visitor = visit(account)
    visitor.excuse(FAILED_REQUESTS)
    page = visitor.open()
    page.wait_for_load_state("networkidle")  # nothing but the history shall be tried again
    page.clock.install()
    gate.answer(502)
    page.get_by_role("link", name="History").click()
    notice = page.locator("connection-notice")
    expect(notice).to_contain_text(deployment.sentence_of_a_sleeping_server)
    page.clock.fast_forward(LONGER_THAN_PATIENCE)
    problem = page.locator("history-list").get_by_role("alert")
    expect(problem).to_contain_text("then try again")
    gate.open()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
