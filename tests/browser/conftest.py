import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from harness.site import LiveSite

CHROMIUM = os.environ.get("TELLTALE_TEST_CHROMIUM", "/usr/bin/chromium")
FEATURES_OFF = (
    # Two pages of its own that Chromium loads with every window, for an address bar nobody sees:
    # without them a new visitor costs less than half.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    # These Playwright switches off too; but only one list counts, the last.
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding"),
    *("NetworkTimeServiceQuerying", "OptimizationHints", "PreconnectToSearch"),
)
CHROMIUM_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    f"--disable-features={','.join(FEATURES_OFF)}",
]


# A module's, not the session's: while Playwright's event loop runs, Django refuses its ORM.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


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
