"""`make screenshots`: every view and state of the client, with real answers.

Starts a site of its own, shows it the photos that scikit-image ships, and writes into
build/screenshots/ a PNG of every state in every look (looks.py), and what is printed as PDFs.
ARGS="german desktop-dark" takes those looks alone.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from playwright.sync_api import Browser, StorageState, sync_playwright

from harness.databases import migrated_database
from harness.postgres import postgres_in
from harness.site import running_site
from screenshots.lessons import take_lesson, take_new_lesson, teach
from screenshots.looks import LOOKS, Look
from screenshots.states import (
    print_reports,
    take_answer,
    take_deletion,
    take_developers,
    take_groups,
)
from screenshots.taking import SCREENSHOTS, take
from screenshots.views import (
    VIEWS_OF_A_NEWCOMER,
    VIEWS_OF_AN_ACCOUNT,
    VIEWS_OF_NOBODY,
    take_views,
)
from screenshots.visits import (
    clear,
    register,
    show_photos,
    take_bad_day,
    take_job,
    take_refusals,
    take_spent,
    take_trial,
)
from scripts.find_chromium import find_chromium
from scripts.paths import DATABASE

PHOTOS = (
    *("coffee.png", "rocket.jpg", "horse.png", "clock_motion.png", "motorcycle_left.png"),
    *("hubble_deep_field.jpg", "coins.png", "astronaut.png", "camera.png", "chelsea.png"),
)
# The answers on the first page; the last one, of which it is sure, is on top.
SHOWN_LAST = ("chelsea.png", "coffee.png")
# Here everybody comes from one address.
ROOM = {"TRIES_PER_HOUR": "1000", "REGISTRATIONS_PER_HOUR": "1000"}


def main() -> int:
    """Take every screenshot; 1 where there is no Chromium to take them with."""
    looks = _chosen_looks()
    chromium = find_chromium()
    if chromium is None:
        print("There is no Chromium: python -m scripts.find_chromium installs one.")
        return 1
    clear()
    log = SCREENSHOTS / "server.log"
    with (
        postgres_in(DATABASE) as cluster,
        migrated_database(cluster.url("postgres"), f"telltale_screenshots_{os.getpid()}") as url,
        _browser(chromium) as browser,
    ):
        with running_site(url, log, variables=ROOM) as site:
            account = _account_with_history(browser, site.url)
            for look in looks:
                _take_all(browser, site.url, account, look)
            with browser.new_context(storage_state=account) as context:
                print_reports(context.new_page(), site.url)
        with running_site(url, log, variables={**ROOM, "PREDICTIONS_PER_DAY": "2"}) as site:
            for look in looks:
                with browser.new_context(**look.context) as context:
                    take_spent(context.new_page(), site.url, look.name)
    print(f"The screenshots are in {SCREENSHOTS.relative_to(Path.cwd())}.")
    return 0


def _chosen_looks() -> list[Look]:
    names = [look.name for look in LOOKS]
    parser = argparse.ArgumentParser(description="Picture every view and state of the client.")
    parser.add_argument("looks", nargs="*", metavar="look", help=f"of {', '.join(names)}")
    chosen = parser.parse_args().looks or names
    if unknown := set(chosen) - set(names):
        parser.error(f"There is no look called {', '.join(unknown)}.")
    return [look for look in LOOKS if look.name in chosen]


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
        register(page, url, "ada@example.org")
        show_photos(page, PHOTOS)
        teach(page, url)
        page.goto(f"{url}/#/account")
        page.get_by_role("switch").check()
        for name in ("Nightly import", "Phone shortcut"):
            page.click("summary:has-text('Create a token')")
            page.fill("token-list [name=name]", name)
            page.click("token-list entry-form .primary")
            page.click("text=Done")
        page.get_by_role("switch").uncheck()
        return context.storage_state()


def _take_all(browser: Browser, url: str, account: StorageState, look: Look) -> None:
    print(f"  {look.name}", flush=True)
    with browser.new_context(**look.context) as context:
        page = context.new_page()
        take_views(page, url, look.name, VIEWS_OF_NOBODY)
        take_refusals(page, url, look.name)
        take_trial(page, url, look.name)
    with browser.new_context(**look.context) as context:
        page = context.new_page()
        register(page, url, f"{look.name}@example.org")
        take_views(page, url, look.name, VIEWS_OF_A_NEWCOMER)
        take_job(page, url, look.name)
        take_new_lesson(page, url, look.name)
        take_bad_day(page, url, look.name)
    with browser.new_context(storage_state=account, **look.context) as context:
        page = context.new_page()
        page.goto(url)
        show_photos(page, SHOWN_LAST)
        page.click("photo-job .close")
        take(page, f"answers-{look.name}")
        take_answer(page, url, look.name)
        take_deletion(page, url, look.name)
        take_groups(page, url, look.name)
        take_lesson(page, url, look.name)
        take_views(page, url, look.name, VIEWS_OF_AN_ACCOUNT)
        take_developers(page, url, look.name)


if __name__ == "__main__":
    sys.exit(main())
