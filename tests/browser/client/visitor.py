"""Somebody at a browser of their own, whose console has to stay clean."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.browser.client.deployment import Deployment
from tests.support.client_account import Account

TIMEOUT_MILLISECONDS = 15_000
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Chromium reports refused policies on the console too, but not what a worker was refused.
REPORT_POLICIES = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
# What the switch in the account leaves in a browser.
FOR_DEVELOPERS = """
if (location.protocol.startsWith("http")) localStorage.setItem("telltale:developers", "yes")
"""


class Visitor:
    """A browser context. `close` fails if anything was wrong in any of its pages."""

    def __init__(
        self,
        browser: Browser,
        deployment: Deployment,
        account: Account | None = None,
        *,
        for_developers: bool = False,
        **options: Any,  # noqa: ANN401 - Playwright's own options of a context
    ) -> None:
        self.complaints: list[str] = []
        self.elsewhere: list[str] = []
        self._account = account
        self._deployment = deployment
        self._excused = ["Service Worker registration blocked by Playwright"]
        options = {
            "viewport": DESKTOP,
            "base_url": deployment.page_origin,
            # Where it is not the point: it fetches a hundred files that most tests do not wait for.
            "service_workers": "block",
        } | options
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(TIMEOUT_MILLISECONDS)
        self.context.add_init_script(REPORT_POLICIES)
        if for_developers:
            self.context.add_init_script(FOR_DEVELOPERS)
        self.context.on("console", self._note_message)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._note_request)
        if account is not None:
            deployment.bring_identity(self.context, account)

    def open(self, address: str = "#/") -> Page:
        """Open a page of the client in a new tab, and wait until it knows who is here."""
        page = self.begin_to_open(address)
        page.locator("site-header nav").wait_for()
        return page

    def begin_to_open(self, address: str) -> Page:
        """Open a page of the client in a new tab, whatever becomes of it."""
        page = self.context.new_page()
        if self._account is None:
            page.goto(f"/{address}")
        else:
            self._deployment.open_as(page, address, self._account)
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
        own = (f"{self._deployment.page_origin}/", f"{self._deployment.api_origin}/")
        if not request.url.startswith((*own, "data:", "blob:", "about:")):
            self.elsewhere.append(request.url)
