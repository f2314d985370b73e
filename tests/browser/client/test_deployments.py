"""The same journey on one origin, behind Vercel's rewrites, and across origins with a token."""

import csv
import io
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.client.conftest import ARGUMENTS
from tests.browser.client.photo_page import PhotoPage, file
from tests.browser.client.visitor import Visitor
from tests.browser.conftest import CHROMIUM
from tests.support.api import PASSWORD
from tests.support.client_account import new_accounts
from tests.support.client_deployments import SECRET_KEY, Deployments, deployments
from tests.support.live_site import temporary_database

pytestmark = [pytest.mark.browser, pytest.mark.live]

FIRST_VISIT_BYTES = 120_000


@pytest.fixture(scope="module")
def deployed(
    postgres_url: str, model_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployments]:
    """All three deployments."""
    folder = tmp_path_factory.mktemp("deployments")
    name = f"telltale_client_{secrets.token_hex(4)}"
    with (
        temporary_database(postgres_url, name) as database_url,
        deployments(database_url, folder) as deployed,
    ):
        yield deployed


@pytest.fixture(scope="module")
def browser(deployed: Deployments) -> Iterator[Browser]:
    """A Chromium that finds the hosts on this machine and takes their certificate."""
    finds = [f"--host-resolver-rules={deployed.resolver_rules}", "--ignore-certificate-errors"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *finds])
        yield chromium
        chromium.close()


@contextmanager
def _visitor(browser: Browser, origin: str, *others: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, origin, others=others, ignore_https_errors=True)
    yield visitor
    visitor.close()


@pytest.mark.parametrize("place", ["api", "vercel"])
def test_the_journey_with_a_first_party_session(
    browser: Browser, deployed: Deployments, cat: bytes, place: str
) -> None:
    origin = getattr(deployed, place)
    with _visitor(browser, origin) as visitor:
        page = visitor.open("#/register")
        page.get_by_label("E-mail address").fill(f"{place}@example.org")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Register").click()
        label = _predict_find_and_export(page, cat)

        page.get_by_role("button", name=f"Delete {label}").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".row .label")).to_have_text([label])
        page.get_by_role("link", name="Account").click()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_text("You are logged out.")).to_be_visible()
        cookies = {cookie["name"]: cookie for cookie in visitor.context.cookies()}
        assert "sessionid" not in cookies
        assert cookies["csrftoken"]["domain"] == origin.removeprefix("https://")
        assert cookies["csrftoken"]["secure"]


def test_the_journey_across_origins_with_a_token(
    browser: Browser, deployed: Deployments, cat: bytes
) -> None:
    [account] = new_accounts(deployed.site, 1, {"SECRET_KEY": SECRET_KEY})
    with _visitor(browser, deployed.static, deployed.api) as visitor:
        page = visitor.open("#/connect")
        expect(page.get_by_label("Address of the server")).to_have_value(deployed.api)
        page.get_by_label("Personal access token").fill("tt_wrong")
        visitor.excuse("401")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_text("The server doesn’t take this token.")).to_be_visible()  # noqa: RUF001 - the client's own words
        page.get_by_label("Personal access token").fill(_token(deployed, account.cookies))
        page.get_by_role("button", name="Connect").click()
        _predict_find_and_export(page, cat)

        expect(page.get_by_role("button", name="Clear all")).to_have_count(0)
        page.get_by_role("link", name="Account").click()
        expect(page.get_by_text("Tokens, the password and deleting need a log-in")).to_be_visible()
        page.get_by_role("button", name="Forget the token").click()
        expect(page.get_by_role("heading", name="Use another server")).to_be_visible()
        assert page.evaluate("() => ({ ...sessionStorage, ...localStorage })") == {}
        assert visitor.context.cookies() == []


def test_a_first_visit_is_light_and_a_second_brings_nothing_but_the_api(
    browser: Browser, deployed: Deployments
) -> None:
    with _visitor(browser, deployed.api) as visitor:
        page = visitor.context.new_page()
        first = _transferred(page, deployed.api)
        assert 0 < sum(first.values()) <= FIRST_VISIT_BYTES, first
        assert page.evaluate("async () => (await navigator.serviceWorker.ready).active !== null")

        second = _transferred(page, deployed.api)
        heavier = {path: count for path, count in second.items() if count > 0}
        assert set(heavier) <= {"/graphql", "/service-worker.js", "/assets/shell.js"}, heavier


def _transferred(page: Page, origin: str) -> dict[str, int]:
    """The bytes on the wire, headers included, by path, of opening the first page."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    paths: dict[str, str] = {}
    counts: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent",
        lambda event: paths.update({event["requestId"]: event["request"]["url"]}),
    )

    def count(event: dict[str, object]) -> None:
        path = paths.get(str(event["requestId"]), "").removeprefix(origin)
        counts[path] = counts.get(path, 0) + int(str(event["encodedDataLength"]).split(".")[0])

    session.on("Network.loadingFinished", count)
    page.goto("/")
    page.locator("site-header nav").wait_for()
    page.wait_for_load_state("networkidle")
    session.detach()
    return counts


def _predict_find_and_export(page: Page, cat: bytes) -> str:
    photos = PhotoPage(page)
    expect(page.get_by_role("button", name="Choose photos")).to_be_visible()
    photos.pick(file(cat))
    label = photos.label()
    page.get_by_role("link", name="History").click()
    page.get_by_text("Filter and order").click()
    page.get_by_label("Label", exact=True).fill(label)
    page.get_by_label("Label", exact=True).press("Enter")
    page.wait_for_url(lambda url: "label=" in url)
    row = page.locator(".row")
    expect(row.locator(".label")).to_have_text([label])
    expect(row.locator("img")).to_have_js_property("naturalWidth", 224)
    page.reload()
    expect(row.locator(".label")).to_have_text([label])

    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name=label, level=1)).to_be_visible()
    expect(page.get_by_alt_text("What the classifier saw")).to_have_js_property("naturalWidth", 224)
    page.go_back()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    rows = csv.DictReader(io.StringIO(download.value.path().read_text()))
    assert [saved["label"] for saved in rows] == [label]
    page.get_by_role("button", name="Done").click()
    return label


def _token(deployed: Deployments, cookies: dict[str, str]) -> str:
    """A token of an account, asked for where TLS ends: production takes nothing else."""
    query = 'mutation { createApiToken(input: {name: "web", scopes: [READ, PREDICT]}) { secret } }'
    answer = httpx.post(
        f"{deployed.site.url}/graphql",
        json={"query": query},
        cookies=cookies,
        headers={
            "Host": deployed.api.removeprefix("https://"),
            "Origin": deployed.api,
            "X-CSRFToken": cookies["csrftoken"],
            "X-Forwarded-Proto": "https",
        },
    )
    return str(json.loads(answer.text)["data"]["createApiToken"]["secret"])
