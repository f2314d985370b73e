"""Why a photo got its answer, and what else there is to it: read once it is asked for."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.looks import overflows, violations
from tests.browser.client.views import OPEN
from tests.browser.client.visitor import PHONE
from tests.support.client_account import Account, Row
from tests.support.photo_parts import parts_of

pytestmark = [pytest.mark.browser, pytest.mark.live]

PREDICT = "mutation ($input: PredictInput!) { predict(input: $input) { prediction { id label } } }"


@dataclass(frozen=True)
class AnswerPage:
    """The page of one answer."""

    page: Page

    def open(self, prediction_id: str) -> None:
        self.page.evaluate(OPEN, f"#/history/{prediction_id}")
        self.labels.first.wait_for()

    @property
    def labels(self) -> Locator:
        return self.page.locator("score-list button")

    @property
    def overlay(self) -> Locator:
        return self.page.locator("heat-map .overlay img")

    def says(self, sentence: str | re.Pattern[str]) -> None:
        expect(self.page.locator("heat-map [role=status]")).to_have_text(sentence)


@pytest.fixture
def photographer(account: Account, photo: Callable[[str], bytes]) -> tuple[Account, list[str]]:
    """Somebody with three photos of a cat and two of a cup, and their answers' ids."""
    photos = [*parts_of(photo("chelsea.png"), 3), *parts_of(photo("coffee.png"), 2)]
    return account, [_predict(account, each) for each in photos]


@pytest.mark.in_every_deployment("the picture comes by cookie or by token")
def test_what_a_label_comes_from_is_laid_over_the_photo_and_taken_away(
    visit: Visit, photographer: tuple[Account, list[str]]
) -> None:
    account, [cat, *others] = photographer
    visitor = visit(account)
    page = visitor.open("#/account")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if _looks(request) else None)
    answer = AnswerPage(page)
    answer.open(cat)
    similar = page.get_by_role("region", name="Similar photos").get_by_role("link")
    expect(similar).to_have_count(2)
    addresses = {f"#/history/{quote(other, safe='')}" for other in others[:2]}
    assert {link.get_attribute("href") for link in similar.all()} == addresses
    assert asked == []

    first, second = (answer.labels.nth(index).locator(".label").inner_text() for index in (0, 1))
    why = page.get_by_role("button", name="Why this answer?")
    why.click()
    answer.says(f"Where Telltale looked for “{first}”")
    expect(answer.overlay).to_have_js_property("naturalWidth", 224)
    expect(answer.labels.first).to_have_attribute("aria-pressed", "true")
    answer.labels.nth(1).hover()
    answer.says(f"Where Telltale looked for “{second}”")
    page.mouse.move(0, 0)
    answer.says(f"Where Telltale looked for “{first}”")
    assert violations(page) == []
    page.get_by_role("button", name="Show the photo alone").click()
    expect(answer.overlay).to_have_count(0)
    expect(why).to_be_focused()

    answer.labels.nth(1).focus()
    page.keyboard.press("Enter")
    answer.says(f"Where Telltale looked for “{second}”")
    expect(answer.labels.nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(answer.overlay).to_have_count(0)
    assert len([each for each in asked if each.method == "POST"]) == 2  # once for each label


def test_on_a_phone_a_tap_shows_it_and_what_can_not_be_told_is_said(
    visit: Visit, photographer: tuple[Account, list[str]], crop: bytes
) -> None:
    account, [*_, cup] = photographer
    account.store([Row("tabby", 0.9)], crop)  # by a model that is gone
    visitor = visit(account, viewport=PHONE, has_touch=True)
    visitor.excuse("ERR_FAILED")
    page = visitor.open("#/account")
    answer = AnswerPage(page)
    answer.open(cup)
    page.context.route("**/heat-map*", lambda route: route.abort())
    answer.labels.first.tap()
    answer.says("Telltale has its hands full right now. Try again in a moment.")
    page.context.unroute("**/heat-map*")
    answer.labels.first.tap()
    answer.labels.first.tap()
    answer.says(re.compile("Where Telltale looked for “.+”"))
    expect(answer.overlay).to_be_in_viewport()
    assert [*overflows(page)] == []

    page.evaluate(OPEN, "#/history")
    page.locator(".row a").first.click()
    expect(page.get_by_role("heading", name="tabby", level=1)).to_be_visible()
    page.get_by_role("button", name="Why this answer?").tap()
    answer.says("Telltale can no longer say where it looked in this photo.")
    expect(page.get_by_role("heading", name="Similar photos")).to_have_count(0)


def _predict(account: Account, photo: bytes) -> str:
    image = {"base64": base64.b64encode(photo).decode()}
    answer = account.execute(PREDICT, {"input": {"image": image}})
    return str(answer["predict"]["prediction"]["id"])


def _looks(request: Request) -> bool:
    return "WhereItLooked" in (request.post_data or "") or request.url.partition("?")[0].endswith(
        "/heat-map"
    )
