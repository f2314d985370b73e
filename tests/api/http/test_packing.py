"""Answers are packed as their client asks where they are long and hold no secret."""

import gzip
import json

import brotli
import pytest

from server.api.http.packing import LONG_BYTES, MAX_WISH_CHARACTERS, encoding_for, packed
from tests.support.api import Api

LONG = "{ models { labels(first: 500) } }"
SHORT = "{ models { name } }"
UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br; q=0.5,gzip ; q=0.4", "br"),
        ("br;q=0, gzip;q=0.000", None),
        ("gzip;q=0.5, identity", None),
        ("gzip, identity;q=0.5", "gzip"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("gzip, *;q=0", "gzip"),
        ("*;q=0", None),
        ("deflate, zstd, compress", None),
        ("gzip;q=nan", None),
        ("gzip;q=2", None),
        ("gzip;level=9", None),
        (",,;, q=1", None),
        ("gzip" + " " * MAX_WISH_CHARACTERS, None),
    ],
)
def test_the_client_chooses(accepted: str, encoding: str | None) -> None:
    assert encoding_for(accepted, LONG_BYTES) == encoding


def test_what_is_not_long_goes_as_it_is() -> None:
    assert encoding_for("br, gzip", LONG_BYTES - 1) is None


def test_the_same_content_is_packed_the_same() -> None:
    assert packed(b"a" * LONG_BYTES, "gzip") == packed(b"a" * LONG_BYTES, "gzip")


@pytest.mark.parametrize("encoding", UNPACKED)
def test_a_long_answer_to_a_query_is_packed(api: Api, encoding: str) -> None:
    body = {"query": LONG}
    plain = api.http.post("/graphql", body, content_type="application/json")

    answer = api.http.post(
        "/graphql", body, content_type="application/json", headers={"Accept-Encoding": encoding}
    )

    assert answer["Content-Encoding"] == encoding
    assert UNPACKED[encoding](answer.content) == plain.content
    assert int(answer["Content-Length"]) == len(answer.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain
    assert "Accept-Encoding" in answer["Vary"]
    assert answer["Vary"] == plain["Vary"]


def test_a_short_answer_goes_as_it_is(api: Api) -> None:
    answer = api.http.post(
        "/graphql",
        {"query": SHORT},
        content_type="application/json",
        headers={"Accept-Encoding": "br"},
    )

    assert "Content-Encoding" not in answer
    assert "data" in json.loads(answer.content)


def test_an_answer_that_may_tell_a_secret_is_never_packed(alice: Api) -> None:
    fields = " ".join(f"name{number}: name" for number in range(40))
    document = f"""mutation Make($input: CreateApiTokenInput!) {{ createApiToken(input: $input) {{
        secret apiToken {{ {fields} }} }} }} query Read {{ __typename }}"""
    body = {
        "query": document,
        "operationName": "Make",
        "variables": {"input": {"name": "n" * 100, "scopes": ["READ"]}},
    }

    answer = alice.http.post(
        "/graphql",
        body,
        content_type="application/json",
        headers={"Accept-Encoding": "br, gzip", **alice.headers()},
    )

    assert len(answer.content) > LONG_BYTES
    assert "Content-Encoding" not in answer
    assert json.loads(answer.content)["data"]["createApiToken"]["secret"].startswith("tt_")


def test_the_playground_is_packed_too(api: Api) -> None:
    answer = api.http.get("/graphql", headers={"Accept": "text/html", "Accept-Encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert b"<title>Telltale playground" in gzip.decompress(answer.content)
    assert {"Accept", "Accept-Encoding", "Cookie"} <= set(answer["Vary"].split(", "))
