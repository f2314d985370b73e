"""The views that `make screenshots` pictures in several states."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from scripts.paths import BUILD

SCREENSHOTS = BUILD / "screenshots"
SETTLE_MILLISECONDS = 600  # transitions, fonts and lazy pictures


@dataclass(frozen=True)
class View:
    """A view: its address, the texts of what to press, and what shows that it is there."""

    name: str
    address: str
    presses: Sequence[str] = ()
    ready: str = "main h1"


def take(page: Page, name: str) -> None:
    """Picture what is on the screen."""
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def open_view(page: Page, url: str, view: View) -> None:
    """Open a view, as somebody who comes by its address."""
    page.goto("about:blank")  # the same address but for its fragment would not be loaded anew
    page.goto(f"{url}/{view.address}")
    page.wait_for_selector(view.ready)
    for text in view.presses:
        page.locator("button, summary").filter(has_text=text).first.click()


def take_answer(page: Page, url: str, suffix: str) -> None:
    """Picture the page of an answer: why it was given, what is similar, how it is corrected."""
    page.goto(f"{url}/#/history")
    page.locator(".row a").first.click()
    page.wait_for_selector("prediction-view score-list")
    take(page, f"answer-{suffix}")
    page.click("heat-map button")
    page.wait_for_selector("heat-map .overlay img")
    take(page, f"answer-explained-{suffix}")
    page.locator("similar-photos li").first.scroll_into_view_if_needed()
    take(page, f"answer-similar-{suffix}")
    page.locator("lesson-readings li").first.scroll_into_view_if_needed()
    take(page, f"answer-compared-{suffix}")
    page.click("photo-answer >> text=Not right?")
    page.locator("photo-answer form select").scroll_into_view_if_needed()
    take(page, f"answer-wrong-{suffix}")


def take_groups(page: Page, url: str, suffix: str) -> None:
    """Picture a group that is named, and one that is cleaned up; both are taken back."""
    page.goto(f"{url}/#/history/groups")
    group = page.locator("group-card").first
    group.get_by_role("checkbox").last.uncheck()
    group.locator("[name=label]").fill("what I see each morning")
    take(page, f"groups-naming-{suffix}")
    group.locator("[type=submit]").click()
    group.locator(".done").scroll_into_view_if_needed()
    take(page, f"groups-named-{suffix}")
    group.get_by_role("button", name="Undo").click()
    page.locator("[name=how][value=same]").check()
    page.locator(".is-cleaned-up .remove").first.click()
    take(page, f"groups-deleted-{suffix}")
    page.keyboard.press("Control+z")


def take_lesson(page: Page, url: str, suffix: str) -> None:
    """Picture a lesson, its camera, its trial, and two versions side by side."""
    page.goto(f"{url}/#/lessons")
    page.click("lessons-view .lessons a")
    page.wait_for_selector("label-panel crop-image")
    take(page, f"lesson-{suffix}")
    page.click("lesson-versions >> text=Compare")
    page.locator("lesson-versions dialog[open], dialog[open]").first.wait_for()
    take(page, f"lesson-compared-{suffix}")
    page.keyboard.press("Escape")
    for name, press in (("camera", ".main >> text=Camera"), ("trial", ".main >> text=Try it")):
        page.click(press)
        page.wait_for_selector("camera-dialog .primary:enabled")
        take(page, f"lesson-{name}-{suffix}")
        page.click("text=Done")


def take_developers(page: Page, url: str, suffix: str) -> None:
    """Picture what developers see more."""
    open_view(page, url, View("account", "#/account"))
    page.get_by_role("switch").check()
    page.click("summary:has-text('Create a token')")
    take(page, f"account-developers-{suffix}")
    page.goto(f"{url}/#/history")
    page.locator(".row a").first.click()
    page.wait_for_selector("prediction-view score-list")
    page.click("text=Show the request")
    take(page, f"answer-developers-{suffix}")
