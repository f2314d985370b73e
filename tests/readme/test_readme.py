"""The README's snippets, pasted as they stand, against a live site."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from graphql import build_schema, parse, validate

from harness.site import LiveSite
from scripts.paths import ROOT
from server.classifier.packaged_file import packaged_file
from tests.support.live_account import token_of_new_account

README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)\)")
FRACTION = re.compile(r"\d+\.\d+")
TIMEOUT_SECONDS = 60


def marked(name: str) -> str:
    """Return the fenced block below the line `<!-- test: name -->`."""
    _, marker, rest = README.partition(f"<!-- test: {name} -->\n")
    block = BLOCK.match(rest)
    assert marker, f"the README marks no block {name!r}"
    assert block, f"no fenced block follows the mark {name!r}"
    return block[2]


def rounded(text: str) -> list[str]:
    """Return the lines of an output, probabilities to three digits: beyond, processors differ."""
    return [
        FRACTION.sub(lambda number: f"{float(number[0]):.3f}", line.strip())
        for line in text.strip().splitlines()
    ]


def run(*command: str, folder: Path, **variables: str) -> str:
    ran = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    return ran.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks as the checkout does where the snippets are pasted."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


@pytest.fixture(scope="module")
def curl_output(live_site: LiveSite, folder: Path) -> str:
    """What the curl commands print; the variables they set are kept for the other snippets."""
    snippet = marked("curl").replace(ADDRESS, live_site.url)
    keep = "\nprintf '%s' \"$TELLTALE_TOKEN\" > token; printf '%s' \"$PHOTO\" > photo\n"
    return run("bash", "-c", snippet + keep, folder=folder)


@pytest.fixture(scope="module")
def variables(curl_output: str, folder: Path) -> dict[str, str]:
    """The variables that pasting the curl commands leaves in the shell."""
    return {
        "TELLTALE_TOKEN": (folder / "token").read_text(),
        "PHOTO": (folder / "photo").read_text(),
    }


@pytest.mark.live
def test_the_curl_commands_print_what_the_readme_shows(curl_output: str) -> None:
    assert rounded(curl_output) == rounded(marked("output of curl"))


@pytest.mark.live
def test_the_python_snippet_prints_what_the_readme_shows(
    live_site: LiveSite, folder: Path, variables: dict[str, str]
) -> None:
    snippet = marked("python").replace(ADDRESS, live_site.url)

    output = run(sys.executable, "-c", snippet, folder=folder, **variables)

    assert rounded(output) == rounded(marked("output of python"))


@pytest.mark.live
def test_the_javascript_snippet_prints_what_the_readme_shows(
    live_site: LiveSite, folder: Path, variables: dict[str, str]
) -> None:
    (folder / "snippet.mjs").write_text(marked("javascript").replace(ADDRESS, live_site.url))

    # Node.js 20 calls `openAsBlob` experimental, and says so.
    output = run("node", "--no-warnings", "snippet.mjs", folder=folder, **variables)

    assert rounded(output) == rounded(marked("output of javascript"))


@pytest.mark.live
def test_the_snippet_that_asks_why_prints_what_the_readme_shows(
    live_site: LiveSite, folder: Path, variables: dict[str, str]
) -> None:
    snippet = marked("why").replace(ADDRESS, live_site.url)

    output = run(sys.executable, "-c", snippet, folder=folder, **variables)

    assert rounded(output) == rounded(marked("output of why"))


@pytest.mark.live
def test_a_classifier_is_taught_and_reads_the_history_as_the_readme_shows(
    live_site: LiveSite, folder: Path, variables: dict[str, str]
) -> None:
    teaching, reading = (
        marked(name).replace(ADDRESS, live_site.url) for name in ("teaching", "reading")
    )

    taught = run("bash", "-c", teaching, folder=folder, **variables)
    read = run(sys.executable, "-c", reading, folder=folder, **variables)

    assert rounded(taught) == rounded(marked("output of teaching"))
    assert rounded(read)[-1:] == rounded(marked("output of reading"))


@pytest.mark.live
def test_the_query_of_the_first_screen_gets_the_answer_shown(live_site: LiveSite) -> None:
    (_, document), (_, shown) = BLOCK.findall(README.partition("## One query\n")[2])[:2]
    photo = packaged_file("scikit-image", "coffee.png").read_bytes()

    answer = httpx.post(
        f"{live_site.url}/graphql",
        data={
            "operations": json.dumps({"query": document, "variables": {"photo": None}}),
            "map": '{"photo": ["variables.photo"]}',
        },
        files={"photo": photo},
        headers={"Authorization": f"Bearer {token_of_new_account(live_site)}"},
        timeout=TIMEOUT_SECONDS,
    )

    assert rounded(json.dumps(answer.json(), indent=1)) == rounded(
        json.dumps(json.loads(shown), indent=1)
    )


def test_every_document_of_the_readme_is_valid() -> None:
    schema = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    documents = [text for language, text in BLOCK.findall(README) if language == "graphql"]

    assert documents
    for document in documents:
        assert validate(schema, parse(document)) == []


def test_every_file_that_the_readme_links_to_exists() -> None:
    assert [path for path in LINK.findall(README) if not (ROOT / path).exists()] == []
