"""So many photos a day."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment, Offer
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.support.client_account import Account
from tests.support.client_deployments import Deployments

pytestmark = [pytest.mark.browser, pytest.mark.live]

PREDICT = "mutation ($input: PredictInput!) { predict(input: $input) { prediction { id } } }"


@pytest.fixture(scope="module", autouse=True)
def two_a_day(deployed: Deployments, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The server allows two photos a day."""
    log = tmp_path_factory.mktemp("two_a_day") / "gunicorn.log"
    with deployed.answered_by_another(log, PREDICTIONS_PER_DAY="2"):
        yield


def test_a_spent_quota_says_when_it_starts_over(visit: Visit, account: Account) -> None:
    photos = PhotoPage(visit(account).open())
    expect(photos.page.get_by_text("2 of 2 photos left today")).to_be_visible()
    photos.pick(file(png("red")))
    photos.card("answered")
    expect(photos.page.get_by_text("1 of 2 photos left today")).to_be_visible()
    _predict_elsewhere(account, "green")
    photos.pick(file(png("blue")))
    card = photos.card("failed")
    # What this page counted is corrected by what it was told.
    expect(photos.page.locator(".quota")).to_contain_text("used all of today’s photos")
    expect(card.get_by_role("alert")).to_contain_text("Resets in")
    expect(card.get_by_role("button")).to_have_text(["Remove"])
    assert account.stored() == 2

    photos.page.get_by_role("link", name="Account").click()
    expect(photos.page.get_by_text("2 of 2 photos used. Resets in")).to_be_visible()
    bar = photos.page.get_by_role("progressbar", name="Photos used today")
    expect(bar).to_have_js_property("position", 1)


@pytest.mark.needs(Offer.CREDENTIALS)
def test_what_was_tried_and_cannot_be_kept_says_so(
    visit: Visit, account: Account, deployment: Deployment
) -> None:
    for color in ("red", "green"):
        _predict_elsewhere(account, color)
    page = visit().open()
    photos = PhotoPage(page)
    photos.pick(file(png("blue")))
    photos.card("answered")
    page.locator("site-header").get_by_role("link", name=deployment.link_in).click()
    deployment.come_in(page, account)
    card = photos.card("failed")
    expect(card.get_by_role("alert")).to_contain_text("Resets in")
    expect(card.get_by_role("button")).to_have_text(["Remove"])


def _predict_elsewhere(account: Account, color: str) -> None:
    image = {"base64": base64.b64encode(png(color)).decode()}
    account.execute(PREDICT, {"input": {"image": image}})
