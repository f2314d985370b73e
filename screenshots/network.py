"""A network and a host on a bad day, for the states that only they bring about."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

API = "**/graphql"


@contextmanager
def held(page: Page, *, after: int = 0) -> Iterator[None]:
    """Let so many requests pass, and hold the others back until this is over."""
    waiting: list[Route] = []
    passed = 0

    def hold(route: Route) -> None:
        nonlocal passed
        passed += 1
        if passed <= after:
            route.continue_()
        else:
            waiting.append(route)

    page.route(API, hold)
    yield
    for route in waiting:
        route.continue_()
    page.unroute(API, hold)


@contextmanager
def asleep(page: Page) -> Iterator[None]:
    """Answer as a host does while it starts the server."""
    page.route(API, lambda route: route.fulfill(status=503, body=""))
    yield
    page.unroute(API)


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """Take the network away."""
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)
