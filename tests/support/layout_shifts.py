"""How much of a page moves on its own, as Chromium counts it."""

from typing import Any

from playwright.sync_api import BrowserContext, Page

_WATCH = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    shifts.push({ value, moved: sources.map(({ node }) => node?.outerHTML?.slice(0, 80)) });
}).observe({ type: "layout-shift", buffered: true });
"""
# Two frames later whatever moved is on the list.
_TAKE = """() => new Promise((done) =>
  requestAnimationFrame(() => setTimeout(() => done(shifts.splice(0)), 100)))"""


def watch_shifts(context: BrowserContext) -> None:
    """Note what moves in every page that is opened from now on."""
    context.add_init_script(_WATCH)


def shifts(page: Page) -> list[dict[str, Any]]:
    """Return what has moved since somebody asked, and how much: `value`, `moved`."""
    taken: list[dict[str, Any]] = page.evaluate(_TAKE)
    return taken


def moved(page: Page) -> float:
    """Return how much has moved since somebody asked: 0.1 is what people hardly notice.

    Source: https://web.dev/articles/cls
    """
    return sum(shift["value"] for shift in shifts(page))
