"""Whatever the window, the colours, the direction, the label: nothing overflows, all is named."""

from collections.abc import Iterator
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from scripts.paths import NODE_MODULES
from tests.browser.client.conftest import Visit
from tests.browser.client.photo_page import PhotoPage, file, png
from tests.browser.client.views import OF_AN_ACCOUNT, OF_DIALOGS, OF_NOBODY, View, open_answer
from tests.browser.client.visitor import DESKTOP, PHONE
from tests.support.client_account import Account
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

ColorScheme = Literal["light", "dark"]
WIDTHS = (320, 390, 768, 1280, 1920)
AXE = NODE_MODULES / "axe-core" / "axe.min.js"
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}"""
OVERFLOW = """() => {
  const root = document.documentElement;
  const inset = (node) => getComputedStyle(node).overflowX !== "visible";
  const isClipped = ({ parentElement: parent }) =>
    parent && parent !== root && (inset(parent) || isClipped(parent));
  const wide = [...document.body.querySelectorAll("*")].filter((node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width > 1 && (left < -1 || right > root.clientWidth + 1) && !isClipped(node);
  });
  if (root.scrollWidth <= root.clientWidth) return [];
  const culprits = wide.map((node) => node.outerHTML.slice(0, 120));
  return [`${root.scrollWidth} of ${root.clientWidth}`, ...culprits];
}"""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_nobody(visit: Visit, color_scheme: ColorScheme) -> None:
    page = visit(color_scheme=color_scheme).open()
    assert {view.name: found for view in OF_NOBODY if (found := _violations(page, view))} == {}


# Colours do not depend on the width: each is looked at once.
@pytest.mark.parametrize(("color_scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)])
def test_axe_finds_nothing_on_the_pages_of_an_account(
    visit: Visit, collector: Account, color_scheme: ColorScheme, viewport: dict[str, int]
) -> None:
    page = visit(
        collector, for_developers=True, color_scheme=color_scheme, viewport=viewport
    ).open()
    found = {view.name: told for view in OF_AN_ACCOUNT if (told := _violations(page, view))}
    open_answer(page)
    found |= {"an answer": told} if (told := _violations(page)) else {}
    for view in OF_DIALOGS:
        found |= {view.name: told} if (told := _violations(page, view)) else {}
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
    assert _violations(photos.page) == []
    photos.page.get_by_role("button", name="Use the camera").click()
    expect(photos.page.get_by_role("button", name="Take the photo")).to_be_enabled()
    assert _violations(photos.page) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_overflows_at_any_width(visit: Visit, collector: Account, direction: str) -> None:
    nobody, somebody = visit().open(), visit(collector, for_developers=True).open()
    for page in (nobody, somebody):
        page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
    overflowing = {}
    for page, views in ((nobody, OF_NOBODY), (somebody, OF_AN_ACCOUNT)):
        for view in views:
            view.open(page)
            overflowing |= {f"{view.name} {key}": told for key, told in _overflows(page)}
    open_answer(somebody)
    overflowing |= {f"an answer {key}": told for key, told in _overflows(somebody)}
    assert overflowing == {}


def test_answers_on_a_phone_do_not_overflow(visit: Visit, account: Account, cat: bytes) -> None:
    photos = PhotoPage(visit(account, viewport=PHONE).open())
    photos.pick(file(cat), file(b"no", "a-name-without-any-place-to-break" * 4))
    photos.page.locator("photo-card[data-state=answered]").wait_for()
    photos.page.locator("photo-card[data-state=failed]").wait_for()
    assert dict(_overflows(photos.page)) == {}


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


@cache
def _axe() -> str:
    return f"() => {{ {AXE.read_text()} }}"


def _violations(page: Page, view: View | None = None) -> list[str]:
    if view is not None:
        view.open(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    violations: list[str] = page.evaluate(VIOLATIONS)
    return violations


def _overflows(page: Page) -> Iterator[tuple[str, list[str]]]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if told := page.evaluate(OVERFLOW):
            yield str(width), told


def _brightness(color: str) -> float:
    channels = [float(part) for part in color.partition("(")[2].rstrip(")").split(",")[:3]]
    return sum(channels) / len(channels)
