"""Where the client is served from, and what it offers there.

|                            | same origin | behind the rewrite | another origin           |
|----------------------------|-------------|--------------------|--------------------------|
| who somebody is            | a session   | a session          | a token, of one tab      |
| registering, logging in    | yes         | yes                | a token is pasted        |
| deleting, tokens, password | yes         | yes                | on the server's own page |
| tabs share a login         | yes         | yes                | each has its own         |
| a server that sleeps       | wakes up    | wakes up           | looks as if it was gone  |

The API refuses to a token what stands in the third row, and a browser hides from a page what a
host answers in the server's place on another origin. `test_another_origin.py` shows what there is
instead.
"""

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, Protocol

from playwright.sync_api import BrowserContext, Page

from tests.support.client_account import Account
from tests.support.client_deployments import API_HOST, STATIC_HOST, VERCEL_HOST

# Once a tab: whoever has forgotten it has to find it forgotten. The name of a tab is kept with it.
BRING_TOKEN = """
if (window.name !== "has been given a token") {
  window.name = "has been given a token";
  sessionStorage.setItem("telltale:token", %s);
}
"""


class Offer(Enum):
    """What is not there in every deployment."""

    CREDENTIALS = auto()
    MANAGEMENT = auto()
    SHARED_LOGIN = auto()
    TOKEN_OF_A_TAB = auto()


class Deployment(Protocol):
    """How somebody uses the client in one place."""

    name: str
    offers: frozenset[Offer]
    page_origin: str
    api_origin: str
    sentence_of_a_sleeping_server: str
    link_in: str
    way_out: str
    heading_of_the_way_in: str

    def bring_identity(self, context: BrowserContext, account: Account) -> None:
        """Let a browser know somebody, as if they had come in before."""

    def open_as(self, page: Page, address: str, account: Account) -> None:
        """Open a page of the client in a tab of somebody whom the browser knows."""

    def come_in(self, page: Page, account: Account) -> None:
        """Say who one is on the page that asks for it."""

    def end_elsewhere(self, account: Account) -> None:
        """End what says who somebody is, from another place."""

    def playground_headers(self, account: Account) -> dict[str, str]:
        """What somebody has to write into the playground to be known there."""


@dataclass(frozen=True)
class WithSession:
    """The API is on the page's own origin, or seems to be: a cookie says who somebody is."""

    name: str
    page_origin: str
    offers: ClassVar[frozenset[Offer]] = frozenset(Offer) - {Offer.TOKEN_OF_A_TAB}
    sentence_of_a_sleeping_server: ClassVar[str] = "The server is waking up"
    link_in: ClassVar[str] = "Sign in"
    way_out: ClassVar[str] = "Sign out"
    heading_of_the_way_in: ClassVar[str] = "Welcome back"

    @property
    def api_origin(self) -> str:
        return self.page_origin

    def bring_identity(self, context: BrowserContext, account: Account) -> None:
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.page_origin}
                for name, value in account.cookies.items()
            ]
        )

    def open_as(self, page: Page, address: str, account: Account) -> None:  # noqa: ARG002 - the cookie knows
        page.goto(f"/{address}")

    def come_in(self, page: Page, account: Account) -> None:
        page.get_by_label("E-mail address").fill(account.email)
        page.get_by_label("Password", exact=True).fill(account.password)
        page.get_by_role("button", name="Sign in").click()

    def end_elsewhere(self, account: Account) -> None:
        account.end_session()

    def playground_headers(self, account: Account) -> dict[str, str]:  # noqa: ARG002 - it has the cookie too
        return {}


@dataclass(frozen=True)
class WithToken:
    """The API is on another origin, which gets no cookie but a token, kept for one tab."""

    name: str
    page_origin: str
    api_origin: str
    offers: ClassVar[frozenset[Offer]] = frozenset({Offer.TOKEN_OF_A_TAB})
    sentence_of_a_sleeping_server: ClassVar[str] = "be reached right now. We’ll keep trying."
    link_in: ClassVar[str] = "Connect"
    way_out: ClassVar[str] = "Forget the token"
    heading_of_the_way_in: ClassVar[str] = "Connect with a token"

    def bring_identity(self, context: BrowserContext, account: Account) -> None:
        """Nothing: it is brought into each tab."""

    def open_as(self, page: Page, address: str, account: Account) -> None:
        page.add_init_script(BRING_TOKEN % json.dumps(account.token))
        page.goto(f"/{address}")

    def come_in(self, page: Page, account: Account) -> None:
        page.get_by_label("Personal access token").fill(account.token)
        page.get_by_role("button", name="Connect").click()

    def end_elsewhere(self, account: Account) -> None:
        account.revoke_tokens()

    def playground_headers(self, account: Account) -> dict[str, str]:
        return {"Authorization": f"Bearer {account.token}"}


SAME_ORIGIN = WithSession("same origin", f"https://{API_HOST}")
REWRITE = WithSession("behind the rewrite", f"https://{VERCEL_HOST}")
ANOTHER_ORIGIN = WithToken("another origin", f"https://{STATIC_HOST}", f"https://{API_HOST}")
DEPLOYMENTS: tuple[Deployment, ...] = (SAME_ORIGIN, REWRITE, ANOTHER_ORIGIN)
