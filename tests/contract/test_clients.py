"""What `make clients` needs is there, pinned, without addresses; it runs what the README shows."""

import json
import re
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from contract.client import CLIENTS, SOURCES, Client
from contract.readme import ADDRESS, PASTED, Pasted
from scripts.paths import ROOT

MAX_PASTED_LINES = 25
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERY = re.compile(r"^query .*?^}|(?<=graphql\(`)query .*?(?=`\);)", re.DOTALL | re.MULTILINE)
EXACT = re.compile(r"([\w.-]+)(\[\w+\])?==[\w.]+")


def ids(items: tuple[Client, ...]) -> list[str]:
    return [item.name for item in items]


def test_every_client_that_lies_there_is_tried() -> None:
    folders = {path.name for path in SOURCES.iterdir() if path.is_dir()}

    assert folders - {"__pycache__"} == set(ids(CLIENTS))


@pytest.mark.parametrize("client", CLIENTS, ids=ids(CLIENTS))
def test_what_a_client_is_made_of_is_pinned_and_names_no_address(client: Client) -> None:
    if client.is_python:
        lines = (client.source / "requirements.txt").read_text().splitlines()
        pins = [line for line in lines if line and not line.startswith("#")]
        assert [pin for pin in pins if not EXACT.fullmatch(pin)] == []
        return
    asked_for = json.loads((client.source / "package.json").read_text())["dependencies"]
    locked = json.loads((client.source / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked_for} == asked_for
    assert not any("resolved" in package for package in locked.values())


@pytest.mark.parametrize("pasted", PASTED, ids=lambda pasted: pasted.mark)
def test_the_readme_has_a_typed_client_that_is_short_and_asks_what_there_is(
    pasted: Pasted,
) -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    (document,) = QUERY.findall(pasted.text)

    assert pasted.text in README
    assert pasted.text.count("\n") <= MAX_PASTED_LINES
    assert ADDRESS in pasted.text
    assert "TELLTALE_TOKEN" in pasted.text
    assert validate(schema, parse(document)) == []
    assert pasted.shown.strip()


@pytest.mark.parametrize("pasted", PASTED, ids=lambda pasted: pasted.mark)
def test_the_readme_names_the_versions_that_are_tried(pasted: Pasted) -> None:
    client = next(each for each in CLIENTS if each.name == pasted.environment)
    if client.is_python:
        named = re.findall(r"[\w-]+==[\w.]+", pasted.text)
        assert named
        assert set(named) <= set(Path(client.source / "requirements.txt").read_text().split())
        return
    pinned = json.loads((client.source / "package.json").read_text())["dependencies"]
    named = re.findall(r"(@?[\w/-]+)@(\d[\w.]+)", pasted.text)
    assert named
    assert {name: pinned[name] for name, _ in named} == dict(named)
