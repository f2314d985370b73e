"""A schema that breaks a client of the published one is refused, unless the reason is listed."""

import json
import subprocess
from pathlib import Path

import pytest

from scripts.paths import ROOT

PUBLISHED = 'type Query { label(of: ID!): String! kind: Kind! } enum Kind { CAT "A dog." DOG }\n'
ADDED = PUBLISHED.replace("kind:", "confidence: Float label2(first: Int = 5): String kind:")
REMOVED = PUBLISHED.replace("kind: Kind! ", "")
BROKEN = {
    "a field is removed": (REMOVED, "Field 'kind' was removed from object type 'Query'"),
    "a value is removed": (
        PUBLISHED.replace("CAT ", ""),
        "Enum value 'CAT' was removed from enum 'Kind'",
    ),
    "a field may be null": (
        PUBLISHED.replace("Kind! }", "Kind }"),
        "Field 'Query.kind' changed type from 'Kind!' to 'Kind'",
    ),
    "an argument is wanted": (
        PUBLISHED.replace("of: ID!", "of: ID!, again: ID!"),
        "Argument 'again: ID!' added to field 'Query.label'",
    ),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "contract").mkdir()
    (tmp_path / "contract" / "published.graphql").write_text(PUBLISHED)
    list_as_breaking(tmp_path, [])
    return tmp_path


def list_as_breaking(checkout: Path, listed: list[dict[str, object]]) -> None:
    (checkout / "contract" / "breaking.json").write_text(json.dumps(listed))


def compare(checkout: Path, current: str, *options: str) -> "subprocess.CompletedProcess[str]":
    (checkout / "schema.graphql").write_text(current)
    return subprocess.run(
        ["node", ROOT / "contract" / "compare.mjs", *options, checkout],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def published(checkout: Path) -> str:
    return (checkout / "contract" / "published.graphql").read_text()


def test_what_is_published_is_kept(checkout: Path) -> None:
    assert compare(checkout, PUBLISHED, "--check").returncode == 0


def test_what_is_added_is_published_by_the_command_and_not_by_the_check(checkout: Path) -> None:
    checked = compare(checkout, ADDED, "--check")
    assert checked.returncode == 1
    assert "make schema" in checked.stderr
    assert published(checkout) == PUBLISHED

    assert compare(checkout, ADDED).returncode == 0
    assert published(checkout) == ADDED
    assert compare(checkout, ADDED, "--check").returncode == 0


@pytest.mark.parametrize(("current", "message"), BROKEN.values(), ids=BROKEN)
def test_what_breaks_a_client_is_refused(checkout: Path, current: str, message: str) -> None:
    refused = compare(checkout, current)

    assert refused.returncode == 1
    assert message in refused.stderr
    assert published(checkout) == PUBLISHED


def test_what_breaks_a_client_is_published_where_it_is_listed_with_its_reason(
    checkout: Path,
) -> None:
    message = BROKEN["a field is removed"][1]
    list_as_breaking(checkout, [{"reason": " ", "changes": [message]}])
    assert "without a reason" in compare(checkout, REMOVED).stderr
    assert published(checkout) == PUBLISHED

    list_as_breaking(checkout, [{"reason": "Nobody asked for it.", "changes": [message]}])
    assert compare(checkout, REMOVED).returncode == 0
    assert published(checkout) == REMOVED
