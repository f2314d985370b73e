"""The same journey on one origin, behind Vercel's rewrites, and across origins with a token."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.client.conftest import ARGUMENTS
from tests.browser.client.journey import predict_find_and_export
from tests.browser.client.visitor import Visitor
from tests.browser.conftest import CHROMIUM
from tests.support.api import PASSWORD
from tests.support.client_account import new_accounts
from tests.support.client_deployments import SECRET_KEY, Deployments, deployments
from tests.support.live_site import temporary_database

pytestmark = [pytest.mark.browser, pytest.mark.live]

FIRST_VISIT_BYTES = 120_000
UNCHANGED_BYTES = 3_000  # what it takes to learn that there is no other version of the client


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
    """A Chromium that finds the hosts on this machine and trusts their certificate."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*ARGUMENTS, *deployed.browser_arguments]
        )
        yield chromium
        chromium.close()


@contextmanager
def _visitor(browser: Browser, origin: str, *others: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, origin, others=others)
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
        label = predict_find_and_export(page, cat)

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
        predict_find_and_export(page, cat)

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
        first = _sent_for_a_visit(deployed, page)
        assert 0 < sum(first.values()) <= FIRST_VISIT_BYTES, first
        page.evaluate("async () => void (await navigator.serviceWorker.ready)")

        second = _sent_for_a_visit(deployed, page)
        unchanged = {path: size for path, size in second.items() if path != "/graphql"}
        assert sum(unchanged.values()) <= UNCHANGED_BYTES, unchanged
        assert set(unchanged) <= {"/service-worker.js", "/assets/shell.js"}


def _sent_for_a_visit(deployed: Deployments, page: Page) -> dict[str, int]:
    """The bytes by path, headers included, of opening the first page and all that follows."""
    deployed.sent_by_api_host.clear()
    page.goto("/")
    page.locator("site-header nav").wait_for()
    page.evaluate("async () => void (await navigator.serviceWorker.ready)")
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = {}
    for path, size in deployed.sent_by_api_host:
        sizes[path] = sizes.get(path, 0) + size
    return sizes


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
