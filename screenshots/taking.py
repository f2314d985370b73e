"""Pictures of a page, and its words in whatever language it speaks."""

from playwright.sync_api import Page

from scripts.paths import BUILD

SCREENSHOTS = BUILD / "screenshots"
SETTLE_MILLISECONDS = 400  # transitions, fonts and lazy pictures
SAY = "async (name) => (await import('/models/words.js')).say(name, { count: 1 })"


def take(page: Page, name: str) -> None:
    """Picture what is on the screen."""
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def print_page(page: Page, name: str) -> None:
    """Print what is shown."""
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    page.pdf(path=SCREENSHOTS / f"{name}.pdf", format="A4", print_background=True)


def said(page: Page, name: str) -> str:
    """Return what the page calls something, such as "lesson.tryIt"."""
    words: str = page.evaluate(SAY, name)
    return words


def press(page: Page, name: str, within: str = "main") -> None:
    """Press what the page calls by that name."""
    page.locator(within).get_by_text(said(page, name), exact=True).first.click()
