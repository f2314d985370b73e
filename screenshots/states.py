"""What somebody sees who has answers: one of them, those that look alike, what is deleted."""

from playwright.sync_api import Page

from screenshots.taking import press, print_page, said, take
from screenshots.views import View, open_view

HISTORY = View("history", "#/history", ready=".row img")


def take_answer(page: Page, url: str, look: str) -> None:
    """Picture the page of an answer: why it was given, what is similar, how it is corrected."""
    _open_answer(page, url)
    take(page, f"answer-{look}")
    page.click("heat-map button")
    page.wait_for_selector("heat-map .overlay img")
    take(page, f"answer-explained-{look}")
    page.locator("similar-photos li").first.scroll_into_view_if_needed()
    take(page, f"answer-similar-{look}")
    press(page, "answer.wrong")
    page.locator("photo-answer form select").scroll_into_view_if_needed()
    take(page, f"answer-wrong-{look}")
    page.fill("photo-answer [name=word]", "my neighbour’s cat Chelsea")
    page.click("photo-answer form [type=submit]")
    page.wait_for_selector("photo-answer[data-certainty=corrected]")
    take(page, f"answer-corrected-{look}")
    open_view(page, url, HISTORY)
    take(page, f"history-corrected-{look}")
    page.locator(".row a", has_text="chelsea.png").first.click()
    press(page, "page.undo")
    page.wait_for_selector("photo-answer:not([data-certainty=corrected])")


def _open_answer(page: Page, url: str) -> None:
    """Open one that is unsure, which has the most to show."""
    open_view(page, url, HISTORY)
    page.locator(".row a", has_text="chelsea.png").first.click()
    page.wait_for_selector("prediction-view score-list")
    page.wait_for_load_state("networkidle")


def take_deletion(page: Page, url: str, look: str) -> None:
    """Picture two that are chosen and deleted, and take them back."""
    open_view(page, url, HISTORY)
    press(page, "history.select")
    for row in (0, 1):
        page.locator(".row input").nth(row).check()
    take(page, f"history-selected-{look}")
    page.click(".selection .danger")
    take(page, f"history-deleted-{look}")
    page.keyboard.press("Control+z")


def take_groups(page: Page, url: str, look: str) -> None:
    """Picture a group that is named, and one that is cleaned up; both are taken back."""
    open_view(page, url, View("groups", "#/history/groups", ready="group-card img"))
    group = page.locator("group-card").first
    group.get_by_role("checkbox").last.uncheck()
    group.locator("[name=label]").fill("what I see each morning")
    take(page, f"groups-naming-{look}")
    group.locator("[type=submit]").click()
    group.locator(".done").scroll_into_view_if_needed()
    take(page, f"groups-named-{look}")
    group.get_by_role("button", name=said(page, "page.undo")).click()
    page.locator("[name=how][value=same]").check()
    page.locator(".is-cleaned-up .remove").first.click()
    take(page, f"groups-deleted-{look}")
    page.keyboard.press("Control+z")


def take_developers(page: Page, url: str, look: str) -> None:
    """Picture what developers see more."""
    open_view(page, url, View("account", "#/account", ready="[role=switch]"))
    page.get_by_role("switch").check()
    press(page, "tokens.make")
    take(page, f"account-developers-{look}")
    _open_answer(page, url)
    press(page, "request.show")
    take(page, f"answer-developers-{look}")


def print_reports(page: Page, url: str) -> None:
    """Print what somebody may want on paper."""
    _open_answer(page, url)
    print_page(page, "answer")
    for view in (
        HISTORY,
        View("statistics", "#/statistics", ready="label-chart"),
        View("groups", "#/history/groups", ready="group-card img"),
    ):
        open_view(page, url, view)
        print_page(page, view.name)
    open_view(page, url, View("lessons", "#/lessons", ready="lessons-view li"))
    page.click("lessons-view .lessons a")
    page.wait_for_selector("label-panel crop-image img")
    print_page(page, "lesson")
