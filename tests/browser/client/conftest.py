import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.client.visitor import TIMEOUT_MILLISECONDS, Visitor
from tests.browser.conftest import CHROMIUM
from tests.support.client_account import Account, Row, new_accounts
from tests.support.client_gate import Gate, gate_before
from tests.support.live_site import LiveSite

# Everything is waited for, and a machine may be busy with something else.
expect.set_options(timeout=TIMEOUT_MILLISECONDS)

Visit = Callable[..., Visitor]

ACCOUNTS_AT_ONCE = 40
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    # A camera that shows a test picture, and a person who allows it.
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium with a camera."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, live_site: LiveSite) -> Iterator[Visit]:
    """Make visitors; each fails the test if anything was wrong on a console of theirs."""
    visitors: list[Visitor] = []

    def visit(account: Account | None = None, **options: Any) -> Visitor:  # noqa: ANN401
        base_url = options.pop("base_url", live_site.url)
        visitor = Visitor(browser, base_url, account, **options)
        visitors.append(visitor)
        return visitor

    yield visit
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="session")
def newcomers(live_site: LiveSite) -> Iterator[Account]:
    """Accounts that nobody has used yet; making many at once is cheaper than one by one."""

    def make() -> Iterator[Account]:
        while True:
            yield from new_accounts(live_site, ACCOUNTS_AT_ONCE)

    return make()


@pytest.fixture
def account(newcomers: Iterator[Account]) -> Account:
    """Somebody who has just registered."""
    return next(newcomers)


@pytest.fixture(scope="session")
def crop() -> bytes:
    """The bytes of a crop, for rows that are written straight into the database."""
    file = io.BytesIO()
    Image.new("RGB", (224, 224), "teal").save(file, "WEBP")
    return file.getvalue()


@pytest.fixture(scope="session")
def collector(newcomers: Iterator[Account], crop: bytes) -> Account:
    """Somebody with a few answers, for tests that only look."""
    account = next(newcomers)
    rows = [Row(f"label {number}", (number + 0.5) / 12, age=number * 3600) for number in range(12)]
    long_label = Row("Supercalifragilisticexpialidocious-" * 3, 0.3, age=13 * 3600)
    account.store([*rows, long_label], crop)
    account.new_token()
    return account


@pytest.fixture
def gate(live_site: LiveSite) -> Iterator[Gate]:
    """A gate before the site that can be shut."""
    with gate_before(live_site.url) as gate:
        yield gate
