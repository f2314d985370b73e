from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from harness.site import LiveSite
from tests.support.chromium import running_chromium


# A module's, not the session's: while Playwright's event loop runs, Django refuses its ORM.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with running_chromium() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, live_site: LiveSite) -> Iterator[Page]:
    """A page of somebody who never was here.

    It fails its test if anything went to another origin, or anything was wrong on its console.
    """
    context = browser.new_context(base_url=live_site.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints: list[str] = []
    elsewhere: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(f"{message.type}: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith((f"{live_site.url}/", "data:", "blob:")):
            elsewhere.append(request.url)

    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    page.on("request", note_request)
    yield page
    context.close()
    assert complaints == []
    assert elsewhere == []
