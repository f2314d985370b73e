"""Whatever the window, the colours, the direction, the label: nothing overflows, all is named."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.client.conftest import Visit
from tests.browser.client.looks import overflows, too_small, violations
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.views import OF_AN_ACCOUNT, OF_DIALOGS, OF_NOBODY, open_answer
from tests.browser.client.visitor import DESKTOP, PHONE
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

TWO_LINES_PIXELS = 90
ColorScheme = Literal["light", "dark"]


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_nobody(visit: Visit, color_scheme: ColorScheme) -> None:
    page = visit(color_scheme=color_scheme).open()
    assert {view.name: found for view in OF_NOBODY if (found := violations(page, view))} == {}


# Colours do not depend on the width: each is looked at once.
@pytest.mark.parametrize(("color_scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)])
def test_axe_finds_nothing_on_the_pages_of_an_account(
    visit: Visit, collector: Account, color_scheme: ColorScheme, viewport: dict[str, int]
) -> None:
    page = visit(
        collector, for_developers=True, color_scheme=color_scheme, viewport=viewport
    ).open()
    found = {view.name: told for view in OF_AN_ACCOUNT if (told := violations(page, view))}
    open_answer(page)
    found |= {"an answer": told} if (told := violations(page)) else {}
    for view in OF_DIALOGS:
        found |= {view.name: told} if (told := violations(page, view)) else {}
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert found == {}


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_on_photos_and_the_camera(
    visit: Visit, account: Account, color_scheme: ColorScheme
) -> None:
    photos = PhotoPage(visit(account, color_scheme=color_scheme).open())
    photos.pick(file(png()), file(b"no"))
    photos.page.locator("photo-card[data-state=answered]").wait_for()
    photos.page.locator("photo-card[data-state=failed]").wait_for()
    assert violations(photos.page) == []
    photos.page.get_by_role("button", name="Use the camera").click()
    expect(photos.page.get_by_role("button", name="Take the photo")).to_be_enabled()
    assert violations(photos.page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_overflows_at_any_width(visit: Visit, collector: Account, direction: str) -> None:
    nobody, somebody = visit().open(), visit(collector, for_developers=True).open()
    for page in (nobody, somebody):
        page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    overflowing = {}
    for page, views in ((nobody, OF_NOBODY), (somebody, OF_AN_ACCOUNT)):
        for view in views:
            view.open(page)
            overflowing |= {f"{view.name} {key}": told for key, told in overflows(page)}
            overflowing |= {f"{view.name} touch": told} if (told := too_small(page)) else {}
    header = nobody.locator("site-header").bounding_box()
    assert header is not None
    assert header["height"] < TWO_LINES_PIXELS
    open_answer(somebody)
    overflowing |= {f"an answer {key}": told for key, told in overflows(somebody)}
    assert overflowing == {}


def test_answers_on_a_phone_do_not_overflow(visit: Visit, account: Account, cat: bytes) -> None:
    photos = PhotoPage(visit(account, viewport=PHONE).open())
    photos.pick(file(cat), file(b"no", "a-name-without-any-place-to-break" * 4))
    photos.page.locator("photo-card[data-state=answered]").wait_for()
    photos.page.locator("photo-card[data-state=failed]").wait_for()
    assert dict(overflows(photos.page)) == {}


def test_light_and_dark_come_from_the_same_tokens(visit: Visit, collector: Account) -> None:
    page = visit(collector).open()
    background = "() => getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    assert _brightness(light) > 200
    assert _brightness(dark) < 60


def test_who_wants_less_motion_gets_none(visit: Visit, account: Account, gate: Gate) -> None:
    moving = """() => document.getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().duration > 1).length"""
    counts = {}
    for reduced_motion in ("no-preference", "reduce"):
        page = visit(account, reduced_motion=reduced_motion).open()
        photos = PhotoPage(page)
        gate.hold()
        photos.pick(file(png()))
        photos.card("thinking")
        counts[reduced_motion] = page.evaluate(moving)
        gate.open()
        photos.card("answered")
    assert counts["reduce"] == 0


def test_the_colours_of_the_system_leave_nothing_unsaid(visit: Visit, collector: Account) -> None:
    page = visit(collector, forced_colors="active").open("#/statistics")
    expect(page.get_by_role("link", name="Statistics")).to_have_css("outline-style", "solid")
    expect(page.get_by_role("link", name="History")).to_have_css("outline-style", "none")
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    drawn = page.locator("day-chart .some").first
    expect(drawn).not_to_have_css("fill", ground)
    open_answer(page)
    bar = page.locator("score-list .value").first
    expect(bar).not_to_have_css("background-color", ground)
    expect(bar).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")


def _brightness(color: str) -> float:
    channels = [float(part) for part in color.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(channels) / len(channels)
