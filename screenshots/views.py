"""The views that are pictured as somebody finds them who comes by their address."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from screenshots.taking import said, take


@dataclass(frozen=True)
class View:
    """A view: its address, the names of the words on what to press, and what shows it is there."""

    name: str
    address: str
    presses: Sequence[str] = ()
    ready: str = "main h1"


VIEWS_OF_NOBODY = (
    View("welcome", "#/", ready="sample-photos button"),
    View("log-in", "#/log-in"),
    View("signed-out", "#/log-in?notice=lost"),
    View("register", "#/register"),
    View("forgotten-password", "#/forgotten-password"),
    View("reset-password", "#/reset-password?sent=yes"),
    View("connect", "#/connect"),
    View("missing", "#/nowhere"),
)
VIEWS_OF_A_NEWCOMER = (
    View("empty-photo", "#/"),
    View("empty-history", "#/history", ready="history-view .empty"),
    View("empty-groups", "#/history/groups", ready="groups-view .empty"),
    View("empty-statistics", "#/statistics", ready="statistics-view .empty"),
    View("empty-lessons", "#/lessons"),
    View("empty-answer", "#/history/nothing"),
)
VIEWS_OF_AN_ACCOUNT = (
    View("history", "#/history", ready=".row img"),
    View("history-found", "#/history?search=c", ready=".row img"),
    View("history-filtered", "#/history?min=50&order=MOST_CONFIDENT", ready=".row img"),
    View("history-filters", "#/history", ("history.filter",), ready=".row img"),
    View("history-nothing", "#/history?label=unicorn"),
    View("history-select", "#/history", ("history.select",), ready=".row img"),
    View("history-export", "#/history", ("history.export",), ready=".row img"),
    View("history-clear", "#/history", ("history.clear",), ready=".row img"),
    View("groups", "#/history/groups", ready="group-card img"),
    View("groups-same", "#/history/groups?how=same", ready="group-card img"),
    View("statistics", "#/statistics", ready="label-chart"),
    View("statistics-filtered", "#/statistics?min=50", ready="label-chart"),
    View("account", "#/account"),
    View("lessons", "#/lessons", ready="lessons-view li"),
)


def take_views(page: Page, url: str, look: str, views: Sequence[View]) -> None:
    """Picture these views."""
    for view in views:
        open_view(page, url, view)
        take(page, f"{view.name}-{look}")


def open_view(page: Page, url: str, view: View) -> None:
    """Open a view, as somebody who comes by its address."""
    page.goto("about:blank")  # the same address but for its fragment would not be loaded anew
    page.goto(f"{url}/{view.address}")
    page.wait_for_selector(view.ready)
    for name in view.presses:
        page.locator("button, summary").filter(has_text=said(page, name)).first.click()
