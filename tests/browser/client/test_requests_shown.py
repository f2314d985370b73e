"""The operation behind a view, taken along and run."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.browser.playground_page import Playground
from tests.support.client_account import Account

pytestmark = [pytest.mark.browser, pytest.mark.live]

HISTORY = "#/history?label=label+7&order=OLDEST"
TIMEOUT_SECONDS = 60


@pytest.fixture
def page(visit: Visit, collector: Account) -> Page:
    """A page of somebody with a few answers, who may copy."""
    return visit(collector, permissions=["clipboard-read", "clipboard-write"]).open(HISTORY)


def test_a_filtered_history_copied_as_graphql_runs(page: Page, collector: Account) -> None:
    text = _copy(page, "GraphQL")
    document, _, comments = text.partition("# Variables\n")
    variables = json.loads("\n".join(line.removeprefix("# ") for line in comments.splitlines()))
    _check_history(collector.execute(document, variables))


@pytest.mark.parametrize("form", ["curl", "Python"])
def test_a_filtered_history_copied_as_a_program_runs(
    page: Page, collector: Account, tmp_path: Path, form: str
) -> None:
    answer = _run(_copy(page, form), form, collector.new_token(), tmp_path)
    _check_history(answer["data"])


@pytest.mark.parametrize("form", ["curl", "Python"])
def test_a_photo_is_sent_by_what_the_first_page_copies(
    page: Page, account: Account, tmp_path: Path, cat: bytes, form: str
) -> None:
    page.get_by_role("link", name="Photo").click()
    (tmp_path / "photo.jpg").write_bytes(cat)
    answer = _run(_copy(page, form), form, account.new_token(), tmp_path)
    assert answer["data"]["predict"]["errors"] == []
    history = account.execute("{ viewer { history { totalCount } } }")
    assert history == {"viewer": {"history": {"totalCount": 1}}}


def test_the_playground_opens_with_it_ready_to_run(page: Page) -> None:
    disclosure = _disclosure(page)
    with page.expect_popup() as popup:
        disclosure.get_by_role("link", name="Open in the playground").click()
    popup.value.wait_for_load_state()
    address = popup.value.url.removeprefix(page.url.partition("/#")[0])
    playground = Playground(popup.value, address)
    playground.wait_for_operation("History")
    _check_history(playground.run()["data"])


def test_every_view_shows_its_operation(visit: Visit, page: Page) -> None:
    nobody = visit().open()
    for view, address, operation in (
        (page, "#/", "mutation Predict"),
        (page, "#/history", "query History"),
        (page, "#/statistics", "query Statistics"),
        (page, "#/account", "query Quota"),
        (nobody, "#/log-in", "mutation LogIn"),
        (nobody, "#/register", "mutation Register"),
        (nobody, "#/forgotten-password", "mutation RequestPasswordReset"),
        (nobody, "#/reset-password", "mutation ResetPassword"),
    ):
        view.evaluate("(address) => { location.hash = address; }", address)
        expect(view.locator("main > * > request-disclosure code")).to_contain_text(operation)


def _disclosure(page: Page) -> Locator:
    disclosure = page.locator("main > * > request-disclosure")
    disclosure.get_by_text("Show the request").click()
    return disclosure


def _copy(page: Page, form: str) -> str:
    disclosure = _disclosure(page)
    disclosure.get_by_role("radio", name=form).check()
    disclosure.get_by_role("button", name="Copy").click()
    expect(disclosure.get_by_role("button", name="Copied")).to_be_visible()
    return str(page.evaluate("() => navigator.clipboard.readText()"))


def _run(text: str, form: str, token: str, folder: Path) -> Any:  # noqa: ANN401 - whatever it prints
    program = ["bash", "-c", text] if form == "curl" else [sys.executable, "-c", text]
    answer = subprocess.run(
        program,
        cwd=folder,
        env={**os.environ, "TELLTALE_TOKEN": token},
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
