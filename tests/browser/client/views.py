"""Every view of the client, as tests that look at all of them open it."""

from dataclasses import dataclass

from playwright.sync_api import Page

OPEN = "(address) => { location.hash = address; }"


@dataclass(frozen=True)
class View:
    """An address, what shows that it is all there, and what to press then."""

    address: str
    ready: str
    presses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " ".join([self.address, *self.presses])

    def open(self, page: Page) -> None:
        page.evaluate(OPEN, self.address)
        page.locator(self.ready).first.wait_for()
        for text in self.presses:
            page.locator("main button, main summary").filter(has_text=text).first.click()


OF_NOBODY = (
    View("#/", "photo-picker button"),
    View("#/log-in", "h1:text('Welcome back')"),
    View("#/register", "h1:text('Create your account')"),
    View("#/forgotten-password", "h1:text('Forgot')"),
    View("#/reset-password?token=code", "h1:text('Set a new password')"),
    View("#/connect", "connect-view form", ("Connect",)),
    View("#/nowhere", "h1:text('Page not found')"),
)
OF_AN_ACCOUNT = (
    View("#/", ".quota:not(:empty)", ("Show the request",)),
    View("#/history?min=10", ".row img", ("Show the request",)),
    View("#/history?label=unicorn", "h2:text('Nothing matches')"),
    View("#/history?max=99", ".row img", ("Select", "Select all shown")),
    View("#/history/groups", "group-card img"),
    View("#/history/groups?how=same", "group-card img"),
    View("#/statistics?min=10", "filter-chips a"),
    View("#/statistics", "label-chart a", ("As a table",)),
    View("#/lessons", "lessons-view form"),
    View("#/account", "token-list li", ("Create a token", "I want to leave")),
)
OF_DIALOGS = (
    View("#/history", ".row img", ("Export",)),
    View("#/history?order=OLDEST", ".row img", ("Delete all",)),
)


def open_answer(page: Page) -> None:
    """Open the answer with the longest label."""
    page.evaluate(OPEN, "#/history?order=OLDEST")
    page.locator(".row a", has_text="Supercali").click()
    page.locator("prediction-view score-list").wait_for()
