"""The time in a page."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

LONG_ENOUGH_TO_INSTALL = timedelta(minutes=1)
# After it a client says what is wrong instead of trying on (client/models/backoff.js).
LONGER_THAN_PATIENCE = "02:00"


def stop_clock(page: Page) -> None:
    """Let no time pass in the page but what the test says."""
    now = datetime.now(UTC)
    page.clock.install(time=now)
    page.clock.pause_at(now + LONG_ENOUGH_TO_INSTALL)
