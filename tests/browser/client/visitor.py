"""Somebody at a browser of their own, whose console has to stay clean."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.support.client_account import Account

TIMEOUT_MILLISECONDS = 15_000
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Chromium reports refused policies on the console too, but not what a worker was refused.
REPORT_POLICIES = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


class Visitor:
    """A browser context. `check` tells whether anything was wrong in any of its pages."""

    def __init__(
        self,
        browser: Browser,
        base_url: str,
        account: Account | None = None,
        *,
        others: tuple[str, ...] = (),
        **options: Any,  # noqa: ANN401 - Playwright's own options of a context
    ) -> None:
        self.base_url = base_url
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self._origins = (base_url, *others)
        self._excused: list[str] = []
        options = {"viewport": DESKTOP, "base_url": base_url} | options
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(TIMEOUT_MILLISECONDS)
        self.context.add_init_script(REPORT_POLICIES)
        self.context.on("console", self._note_message)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._note_request)
        if account is not None:
            self.log_in(account)

    def log_in(self, account: Account) -> None:
        """Bring the session of an account along."""
        self.context.add_cookies(
            [
                {"name": name, "value": value, "url": self.base_url}
                for name, value in account.cookies.items()
            ]
        )

    def open(self, address: str = "#/") -> Page:
        """Open a page of the client, and wait until it knows who is here."""
        page = self.context.new_page()
        page.goto(f"/{address}")
        page.locator("site-header nav").wait_for()
        return page

    def excuse(self, pattern: str) -> None:
        """Let the console say what matches: the test is about it."""
        self._excused.append(pattern)

    def close(self) -> None:
        """Leave, and fail if anything was wrong."""
        self.context.close()
        complaints = [
            complaint
            for complaint in self.complaints
            if not any(re.search(pattern, complaint) for pattern in self._excused)
        ]
        if complaints or self.elsewhere:
            raise AssertionError("\n".join([*complaints, *self.elsewhere]))

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} {where}")

    def _note_request(self, request: Request) -> None:
        own = tuple(f"{origin}/" for origin in self._origins)
        if not request.url.startswith((*own, "data:", "blob:", "about:")):
            self.elsewhere.append(request.url)
