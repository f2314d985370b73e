"""The operation behind a view, taken along and run."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.client.deployment import Deployment, Offer
from tests.browser.playground_page import Playground
from tests.support.client_account import Account
from tests.support.client_deployments import Deployments

pytestmark = [pytest.mark.browser, pytest.mark.live]

HISTORY = "#/history?label=label+7&order=OLDEST"
TIMEOUT_SECONDS = 60


@pytest.fixture
def page(visit: Visit, collector: Account) -> Page:
    """A page of a developer with a few answers, who may copy."""
    permissions = ["clipboard-read", "clipboard-write"]
    return visit(collector, for_developers=True, permissions=permissions).open(HISTORY)


def test_a_filtered_history_copied_as_graphql_runs(page: Page, collector: Account) -> None:
    text = _copy(_disclosure(page), "GraphQL")
    document, _, comments = text.partition("# Variables\n")
    variables = json.loads("\n".join(line.removeprefix("# ") for line in comments.splitlines()))
    _check_history(collector.execute(document, variables))


@pytest.mark.in_every_deployment("the API is at another address")
def test_a_filtered_history_copied_as_a_program_runs(
    page: Page, collector: Account, deployed: Deployments, tmp_path: Path
) -> None:
    disclosure = _disclosure(page)
    for form in ("curl", "Python"):
        answer = _run(_copy(disclosure, form), form, collector, deployed, tmp_path)
        _check_history(answer["data"])


@pytest.mark.in_every_deployment("the API is at another address")
def test_a_photo_is_sent_by_what_the_first_page_copies(
    page: Page, account: Account, deployed: Deployments, tmp_path: Path, cat: bytes
) -> None:
    page.get_by_role("link", name="Photo", exact=True).click()
    (tmp_path / "photo.jpg").write_bytes(cat)
    disclosure = _disclosure(page)
    for sent, form in enumerate(("curl", "Python"), start=1):
        answer = _run(_copy(disclosure, form), form, account, deployed, tmp_path)
        assert answer["data"]["predict"]["errors"] == []
        assert account.stored() == sent


@pytest.mark.in_every_deployment("a session, a rewritten one, or a token says who it is")
def test_the_playground_opens_with_it_ready_to_run(
    page: Page, collector: Account, deployment: Deployment
) -> None:
    disclosure = _disclosure(page)
    with page.expect_popup() as popup:
        disclosure.get_by_role("link", name="Open in the playground").click()
    popup.value.wait_for_load_state()
    playground = Playground(popup.value, popup.value.url)
    playground.wait_for_operation("History")
    playground.write("headers", json.dumps(deployment.playground_headers(collector)))
    _check_history(playground.run()["data"])


@pytest.mark.needs(Offer.MANAGEMENT)
def test_one_switch_shows_what_only_developers_want(visit: Visit, collector: Account) -> None:
    page = visit(collector).open("#/history")
    model = page.locator(".row .model").first
    expect(page.locator(".row img").first).to_be_visible()
    expect(model).to_be_hidden()
    expect(page.get_by_text("Show the request")).to_be_hidden()
    page.get_by_role("link", name="Account").click()
    expect(page.get_by_role("heading", name="Personal access tokens")).to_be_hidden()
    page.get_by_role("switch").check()
    expect(page.get_by_role("heading", name="Personal access tokens")).to_be_visible()

    page.get_by_role("link", name="History").click()
    expect(model).to_have_text("efficientnet-lite0")
    page.reload()
    expect(model).to_be_visible()
    expect(page.get_by_text("Show the request")).to_be_visible()


def test_every_view_shows_its_operation(page: Page) -> None:
    for address, operation in (
        ("#/", "mutation Predict"),
        ("#/history", "query History"),
        ("#/statistics", "query Statistics"),
        ("#/account", "query Quota"),
        ("#/connect", "query Start"),
    ):
        _check_operation(page, address, operation)


@pytest.mark.needs(Offer.CREDENTIALS)
def test_every_way_in_shows_its_operation(visit: Visit) -> None:
    page = visit().open()
    for address, operation in (
        ("#/log-in", "mutation LogIn"),
        ("#/register", "mutation Register"),
        ("#/forgotten-password", "mutation RequestPasswordReset"),
        ("#/reset-password", "mutation ResetPassword"),
    ):
        _check_operation(page, address, operation)


def _check_operation(page: Page, address: str, operation: str) -> None:
    page.evaluate("(address) => { location.hash = address; }", address)
    expect(page.locator("main > * > request-disclosure code")).to_contain_text(operation)


def _disclosure(page: Page) -> Locator:
    disclosure = page.locator("main > * > request-disclosure")
    disclosure.get_by_text("Show the request").click()
    return disclosure


def _copy(disclosure: Locator, form: str) -> str:
    page = disclosure.page
    page.evaluate("() => navigator.clipboard.writeText('')")
    disclosure.get_by_role("radio", name=form).check()
    disclosure.get_by_role("button", name=re.compile("Cop(y|ied)")).click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
    expect(disclosure.get_by_role("button", name="Copied")).to_be_visible()
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def _run(  # whatever it prints
    text: str, form: str, account: Account, deployed: Deployments, folder: Path
) -> Any:  # noqa: ANN401
    program = ["bash", "-c", text] if form == "curl" else [sys.executable, "-c", text]
    found_and_trusted = {
        "HTTPS_PROXY": deployed.tunnel_url,
        "SSL_CERT_FILE": str(deployed.certificate),
        "CURL_CA_BUNDLE": str(deployed.certificate),
    }
    answer = subprocess.run(
        program,
        cwd=folder,
        env={**os.environ, **found_and_trusted, "TELLTALE_TOKEN": account.token},
        capture_output=True,
        check=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
    )
    if form == "curl":
        return json.loads(answer.stdout)
    printed: dict[str, Any] = eval(answer.stdout, {"__builtins__": {}})  # noqa: S307 - a dict of our own server
    return printed


def _check_history(data: dict[str, Any]) -> None:
    edges = data["viewer"]["history"]["edges"]
    assert [edge["node"]["label"] for edge in edges] == ["label 7"]
