import csv
import io
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.client.conftest import Visit
from tests.support.client_account import Account, Row
from tests.support.client_gate import Gate

pytestmark = [pytest.mark.browser, pytest.mark.live]

FORMULAS = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx"]
AWKWARD = ['said "no", twice', "two\nlines", "crème brûlée 猫"]
LABELS = [*FORMULAS, *AWKWARD, *(f"label {number}" for number in range(250))]


@pytest.fixture(scope="module")
def exporter(newcomers: Iterator[Account], crop: bytes) -> Account:
    """Somebody with more answers than three pages of the API hold."""
    account = next(newcomers)
    account.store([Row(label, 0.25, age=age) for age, label in enumerate(LABELS)], crop)
    return account


@pytest.fixture
def page(visit: Visit, exporter: Account) -> Page:
    """Their history."""
    return visit(exporter).open("#/history")


@pytest.mark.in_every_deployment("the policy that lets a page save a file is the host's")
def test_csv_holds_every_answer_and_no_formula(page: Page) -> None:
    name, text = _save(page, "CSV")
    assert name == "telltale-history.csv"
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["label"].removeprefix("'") for row in rows] == LABELS
    assert [row["label"] for row in rows[: len(FORMULAS)]] == [f"'{cell}" for cell in FORMULAS]
    assert {row["confidence"] for row in rows} == {"0.25"}
    assert rows[0]["sha256"] == "0" * 64
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_json_holds_every_answer_as_it_is(page: Page) -> None:
    name, text = _save(page, "JSON")
    assert name == "telltale-history.json"
    rows = json.loads(text)
    assert [row["label"] for row in rows] == LABELS
    assert rows[0]["scores"][0] == {"label": "=1+1", "probability": 0.25}
    assert rows[0]["model"]["name"] == "efficientnet-lite0"


def test_only_what_the_filter_shows_is_saved(visit: Visit, exporter: Account) -> None:
    page = visit(exporter).open("#/history?label=label+7")
    rows = json.loads(_save(page, "JSON")[1])
    assert [row["label"] for row in rows] == ["label 7"]


def test_an_export_shows_its_progress_and_can_be_cancelled(
    visit: Visit, exporter: Account, gate: Gate
) -> None:
    page = visit(exporter).open("#/history")
    expect(page.get_by_text("258 answers", exact=True)).to_be_visible()
    downloads: list[object] = []
    page.on("download", lambda download: downloads.append(download))  # noqa: PLW0108 - Playwright marks what it is given
    dialog = _open(page)
    gate.hold()
    dialog.get_by_role("button", name="Save as CSV").click()
    expect(dialog.get_by_role("progressbar", name="Export")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.locator("history-export")).to_have_count(0)
    gate.open()
    expect(page.get_by_role("heading", name="Your history")).to_be_visible()
    assert downloads == []


def _open(page: Page) -> Locator:
    page.get_by_role("button", name="Export").click()
    return page.get_by_role("dialog", name="Export")


def _save(page: Page, kind: str) -> tuple[str, str]:
    dialog = _open(page)
    with page.expect_download() as download:
        dialog.get_by_role("button", name=f"Save as {kind}").click()
    expect(dialog.get_by_role("status")).to_contain_text("saved")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    text = download.value.path().read_bytes().decode()
    return download.value.suggested_filename, text
