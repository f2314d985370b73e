"""The attacker wants a kilobyte of his to become a gigabyte of ours."""

import gzip
import json
import zlib

import pytest

from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

BODY = json.dumps({"query": "{ __typename }"}).encode()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("gzip", gzip.compress(b" " * 10_000_000, mtime=0)),
        ("deflate", zlib.compress(BODY)),
        ("br", b"\x8b"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("gzip, gzip", gzip.compress(gzip.compress(BODY, mtime=0), mtime=0)),
        ("identity, gzip", gzip.compress(BODY, mtime=0)),
        ("GZIP", gzip.compress(BODY, mtime=0)),
        # What is said to be packed is refused, whatever it is: two servers might not agree on it.
        ("gzip", BODY),
        ("x", BODY),
    ],
)
def test_a_packed_body_is_refused_and_not_unpacked(encoding: str, body: bytes) -> None:
    answer = send("POST", body, headers={"Content-Encoding": encoding})

    assert answer.status_code == 415
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_packed_body_that_says_nothing_of_it_is_no_json() -> None:
    assert send("POST", gzip.compress(BODY, mtime=0)).status_code == 400


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
def test_a_body_as_it_is_may_say_so(encoding: str) -> None:
    answer = send("POST", BODY, headers={"Content-Encoding": encoding})

    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}
