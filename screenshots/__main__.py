"""`make screenshots`: every view of the client, with real answers.

Starts a site of its own, shows it the photos that scikit-image ships, and writes PNGs (phone and
desktop, light and dark) and the printed report into build/screenshots/.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from harness.databases import migrated_database
from harness.postgres import postgres_in
from harness.site import running_site
from screenshots.states import (
    SCREENSHOTS,
    View,
    open_view,
    take,
    take_answer,
    take_developers,
    take_groups,
    take_lesson,
)
from scripts.find_chromium import find_chromium
from scripts.paths import DATABASE
from server.classifier.packaged_file import packaged_file

PHOTOS = (
    *("coffee.png", "rocket.jpg", "horse.png", "clock_motion.png", "motorcycle_left.png"),
    *("hubble_deep_field.jpg", "coins.png", "astronaut.png", "camera.png", "chelsea.png"),
)
SHOWN_LAST = ("coffee.png", "chelsea.png")  # the answers on the first page; the last one is on top
LESSON = {  # what is taught, by label
    "alive": ("chelsea.png", "astronaut.png", "horse.png"),
    "made": ("coffee.png", "rocket.jpg", "motorcycle_left.png"),
}

ColorScheme = Literal["light", "dark"]


@dataclass(frozen=True)
class Device:
    """A window to look through."""

    name: str
    width: int
    height: int
    scale: int


DEVICES = (Device("phone", 390, 844, 2), Device("desktop", 1280, 800, 1))
COLOR_SCHEMES: tuple[ColorScheme, ...] = ("light", "dark")
VIEWS_OF_NOBODY = (
    View("welcome", "#/"),
    View("log-in", "#/log-in"),
    View("signed-out", "#/log-in?notice=lost"),
    View("register", "#/register"),
    View("forgotten-password", "#/forgotten-password"),
    View("reset-password", "#/reset-password?sent=yes"),
    View("connect", "#/connect"),
    View("missing", "#/nowhere"),
)
VIEWS_OF_AN_ACCOUNT = (
    View("history", "#/history"),
    View("history-found", "#/history?search=c"),
    View("history-filtered", "#/history?min=50&order=MOST_CONFIDENT"),
    View("history-nothing", "#/history?label=unicorn"),
    View("history-select", "#/history", ("Select",)),
    View("history-export", "#/history", ("Export",)),
    View("history-clear", "#/history", ("Delete all",)),
    View("groups", "#/history/groups", ready="group-card img"),
    View("groups-same", "#/history/groups?how=same", ready="group-card img"),
    View("statistics", "#/statistics"),
    View("statistics-filtered", "#/statistics?min=50"),
    View("account", "#/account"),
    View("lessons", "#/lessons"),
)
# What other readers see otherwise: the options of their browser's window.
OTHER_LOOKS: dict[str, dict[str, Any]] = {
    "german": {"locale": "de-DE"},
    "forced-colors": {"forced_colors": "active"},
}


def main() -> int:
    """Take every screenshot; 1 where there is no Chromium to take them with."""
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium: python -m scripts.find_chromium installs one.")
        return 1
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    log = SCREENSHOTS / "server.log"
    with (
        postgres_in(DATABASE) as cluster,
        migrated_database(cluster.url("postgres"), f"telltale_screenshots_{os.getpid()}") as url,
        running_site(url, log) as site,
        _browser(chromium) as browser,
    ):
        account = _account_with_history(browser, site.url)
        for device in DEVICES:
            for color_scheme in COLOR_SCHEMES:
                _take_all(browser, site.url, account, device, color_scheme)
        for look, options in OTHER_LOOKS.items():
            _take_look(browser, site.url, account, look, options)
        _print_report(browser, site.url, account)
    print(f"The screenshots are in {SCREENSHOTS.relative_to(Path.cwd())}.")
    return 0


@contextmanager
def _browser(chromium: Path) -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    # A camera that shows a test picture, and a person who allows it.
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=[*sandbox, *camera]
        )
        try:
            yield browser
        finally:
            browser.close()


def _account_with_history(browser: Browser, url: str) -> StorageState:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{url}/#/register")
        page.fill("[name=email]", "ada@example.org")
        page.fill("[name=password]", "correct horse battery staple")
        page.click("entry-form .primary")
        _show_photos(page, PHOTOS)
        _teach(page, url)
        page.goto(f"{url}/#/account")
        page.get_by_role("switch").check()
        for name in ("Nightly import", "Phone shortcut"):
            page.click("summary:has-text('Create a token')")
            page.fill("token-list [name=name]", name)
            page.click("token-list entry-form .primary")
            page.click("text=Done")
        page.get_by_role("switch").uncheck()
        return context.storage_state()


def _show_photos(page: Page, names: Sequence[str]) -> None:
    page.wait_for_selector("photo-picker")
    for count, name in enumerate(names, start=1):
        files = page.locator("photo-picker input[multiple]")
        files.set_input_files(packaged_file("scikit-image", name))
        page.locator("photo-card[data-state=answered]").nth(count - 1).wait_for()


def _teach(page: Page, url: str) -> None:
    page.goto(f"{url}/#/lessons")
    for field, text in zip(("name", "first", "second"), ("At home", *LESSON), strict=True):
        page.fill(f"lessons-view [name={field}]", text)
    page.click("lessons-view entry-form .primary")
    for label, names in LESSON.items():
        panel = page.locator("label-panel", has_text=label)
        files = [packaged_file("scikit-image", name) for name in names]
        panel.locator("input").set_input_files(files)
        panel.locator("crop-image").nth(len(names) - 1).wait_for()
    page.click(".main >> text=Let it learn")
    page.wait_for_selector("lesson-versions .used")
    more = page.locator("label-panel", has_text="made")
    more.locator("input").set_input_files(packaged_file("scikit-image", "clock_motion.png"))
    more.locator("crop-image").nth(len(LESSON["made"])).wait_for()
    page.click(".main >> text=Let it learn")
    page.wait_for_selector("lesson-versions >> text=Version 2")


def _take_all(
    browser: Browser, url: str, account: StorageState, device: Device, color_scheme: ColorScheme
) -> None:
    size = {"width": device.width, "height": device.height}
    for views, state in ((VIEWS_OF_NOBODY, None), (VIEWS_OF_AN_ACCOUNT, account)):
        with browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            device_scale_factor=device.scale,
            has_touch=device.name == "phone",
            color_scheme=color_scheme,
            storage_state=state,
        ) as context:
            page = context.new_page()
            suffix = f"{device.name}-{color_scheme}"
            if state:
                page.goto(url)
                _show_photos(page, SHOWN_LAST)
                take(page, f"answers-{suffix}")
                take_answer(page, url, suffix)
                take_groups(page, url, suffix)
                take_lesson(page, url, suffix)
            for view in views:
                open_view(page, url, view)
                take(page, f"{view.name}-{suffix}")
            if state:
                take_developers(page, url, suffix)


def _take_look(
    browser: Browser, url: str, account: StorageState, look: str, options: dict[str, Any]
) -> None:
    phone = DEVICES[0]
    size = {"width": phone.width, "height": phone.height}
    for views, state in ((VIEWS_OF_NOBODY, None), (VIEWS_OF_AN_ACCOUNT, account)):
        with browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            device_scale_factor=phone.scale,
            storage_state=state,
            **options,
        ) as context:
            page = context.new_page()
            for view in views:
                if not view.presses:  # they are named in English
                    open_view(page, url, view)
                    take(page, f"{view.name}-{look}")


def _print_report(browser: Browser, url: str, account: StorageState) -> None:
    with browser.new_context(storage_state=account) as context:
        page = context.new_page()
        page.goto(f"{url}/#/history")
        page.locator(".row a").first.click()
        page.wait_for_selector("prediction-view score-list")
        page.wait_for_load_state("networkidle")
        page.pdf(path=SCREENSHOTS / "answer.pdf", format="A4", print_background=True)


if __name__ == "__main__":
    sys.exit(main())
