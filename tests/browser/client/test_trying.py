"""An answer before anybody is asked for an account."""

import secrets

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Offer
from tests.browser.client.photo_page import PhotoPage, file
from tests.browser.client.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.live]

# What the tools of browsers call "Slow 4G".
SLOW_LINE = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
FAST_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
STORED = """async () => {
  const token = document.cookie.match(/csrftoken=(\\w+)/)[1];
  const query = "{ viewer { history { edges { node { fileName } } } } }";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const body = JSON.stringify({ query });
  const answer = await fetch("/graphql", { method: "POST", headers, body });
  const { data } = await answer.json();
  return data.viewer.history.edges.map(({ node }) => node.fileName);
}"""


@pytest.mark.needs(Offer.CREDENTIALS)
def test_a_newcomer_on_a_slow_line_has_an_answer_with_one_tap_and_keeps_five_with_an_account(
    visit: Visit, cat: bytes
) -> None:
    page = visit(viewport=PHONE, has_touch=True).context.new_page()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.goto("/")
    photos = PhotoPage(page)
    samples = page.locator("sample-photos").get_by_role("button")
    expect(page.get_by_text("The cup, for example, it calls “Espresso”.")).to_be_visible()
    samples.first.tap()
    assert photos.label() == "espresso"
    expect(photos.card().get_by_role("heading")).to_have_text("Espresso")
    expect(page.locator("form")).to_have_count(0)
    network.send("Network.emulateNetworkConditions", FAST_LINE)

    for number in (1, 2, 3, 1):
        samples.nth(number).click()
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(5)
    expect(page.get_by_role("heading", name="Keep these?")).to_be_visible()
    photos.pick(file(cat, "mine.png"))
    photos.card("held")

    page.reload()  # nothing was kept anywhere but here
    expect(page.locator("photo-card[data-state=answered]")).to_have_count(5)
    page.get_by_role("complementary").get_by_role("link", name="Create account").click()
    page.get_by_label("E-mail address").fill(f"{secrets.token_hex(6)}@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery 9")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_text("494 of 500 photos left today")).to_be_visible()
    expect(page.get_by_role("heading", name="Keep these?")).to_have_count(0)
    names = ["camera.webp", "cat.webp", "cat.webp", "coffee.webp", "mine.png", "rocket.webp"]
    assert sorted(page.evaluate(STORED)) == names
