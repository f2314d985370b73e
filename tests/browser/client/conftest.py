import io
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from harness.databases import migrated_database
from tests.browser.client.deployment import DEPLOYMENTS, Deployment
from tests.browser.client.visitor import TIMEOUT_MILLISECONDS, Visitor
from tests.support.chromium import CHROMIUM, CHROMIUM_ARGUMENTS
from tests.support.client_account import Account, Row, new_accounts
from tests.support.client_deployments import API_HOST, SECRET_KEY, Deployments, deployments
from tests.support.client_gate import Gate
from tests.support.embeddings import embedding_of

# Everything is waited for, and a machine may be busy with something else.
expect.set_options(timeout=TIMEOUT_MILLISECONDS)

Visit = Callable[..., Visitor]

HERE = Path(__file__).parent
MARKERS = (
    "needs(offer): runs in the deployments that offer it (see deployment.py)",
    "in_every_deployment(reason): runs wherever it is offered, not in one place alone",
)
ACCOUNTS_AT_ONCE = 100
ALIKE = embedding_of("a kind")
ARGUMENTS = [
    *CHROMIUM_ARGUMENTS,
    # A camera that shows a test picture, and a person who allows it.
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
]
OPEN_BROWSER = pytest.StashKey[tuple[ExitStack, Browser]]()


def pytest_configure(config: pytest.Config) -> None:
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test where it is offered: everywhere if it says what differs, else in one place."""
    if "deployment" not in metafunc.fixturenames:
        return
    needed = {marker.args[0] for marker in metafunc.definition.iter_markers("needs")}
    places = [place for place in DEPLOYMENTS if needed <= place.offers]
    if metafunc.definition.get_closest_marker("in_every_deployment") is None:
        del places[1:]
    metafunc.parametrize("deployment", places, ids=[place.name for place in places])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, None, None]:
    """Close the browser after the last test of this folder."""
    try:
        yield
    finally:
        if nextitem is None or HERE not in nextitem.path.parents:
            _close_browser(item.session)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the browser where the run was broken off, after the fixtures that use it."""
    _close_browser(session)


@pytest.fixture(scope="session")
def deployed(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployments]:
    """All three deployments, on one production server."""
    folder = tmp_path_factory.mktemp("deployments")
    with (
        migrated_database(postgres_url, f"telltale_client_{os.getpid()}") as database_url,
        deployments(database_url, folder) as deployed,
    ):
        yield deployed


@pytest.fixture
def browser(request: pytest.FixtureRequest, deployed: Deployments) -> Browser:
    """A real Chromium with a camera, which finds and trusts the deployments; one for all tests.

    Of this folder alone, and so no fixture of the session: while Playwright's event loop runs,
    Django refuses its ORM.
    """
    stash = request.session.stash
    if OPEN_BROWSER not in stash:
        with ExitStack() as stack:
            playwright = stack.enter_context(sync_playwright())
            chromium = playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS, *deployed.browser_arguments]
            )
            stack.callback(chromium.close)
            stash[OPEN_BROWSER] = stack.pop_all(), chromium
    return stash[OPEN_BROWSER][1]


def _close_browser(session: pytest.Session) -> None:
    if OPEN_BROWSER in session.stash:
        stack, _ = session.stash[OPEN_BROWSER]
        del session.stash[OPEN_BROWSER]
        stack.close()


@pytest.fixture
def visit(browser: Browser, deployment: Deployment) -> Iterator[Visit]:
    """Make visitors; each fails the test if anything was wrong on a console of theirs."""
    visitors: list[Visitor] = []

    def visit(account: Account | None = None, **options: Any) -> Visitor:  # noqa: ANN401
        visitor = Visitor(browser, deployment, account, **options)
        visitors.append(visitor)
        return visitor

    yield visit
    for visitor in visitors:
        visitor.close()


@pytest.fixture(scope="session")
def newcomers(deployed: Deployments) -> Iterator[Account]:
    """Accounts that nobody has used yet; making many at once is cheaper than one by one."""
    headers = {
        "Host": API_HOST,
        "Origin": f"https://{API_HOST}",
        "X-Forwarded-Proto": "https",
    }

    def make() -> Iterator[Account]:
        while True:
            yield from new_accounts(
                deployed.site, ACCOUNTS_AT_ONCE, secret_key=SECRET_KEY, headers=headers
            )

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
    labels = [f"label {number}" for number in range(12)]
    rows = [
        Row(label, (number + 0.5) / 12, age=number * 3600, embedding=embedding_of(label))
        for number, label in enumerate(labels[:-1])
    ]
    alike = [
        Row(label, 0.3, age=age * 3600, embedding=ALIKE)
        for label, age in ((labels[-1], 11), ("Supercalifragilisticexpialidocious-" * 3, 13))
    ]
    account.store([*rows, *alike], crop)
    assert account.token
    return account


@pytest.fixture
def gate(deployed: Deployments) -> Iterator[Gate]:
    """The gate before the API, open again after the test."""
    deployed.gate.requests.clear()
    yield deployed.gate
    deployed.gate.open()
