"""Where a request ends is said in one way, and whatever can be read in two is refused."""

import json
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from harness.site import LiveSite
from tests.support.graphql_errors import error_codes
from tests.support.raw_http import answers, exchange

pytestmark = pytest.mark.live

BODY = b'{"query": "{ viewer { email } }"}'
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n"
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
# A second request, which nobody has sent, where a request is read in another way than it is meant.
SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

AMBIGUOUS = {
    "a bare LF after the length": (LENGTH[:-2] + b"\n\r\n", BODY),
    "a head that ends in CR LF LF": (LENGTH + b"\n", BODY),
    "a head that ends in LF LF": (LENGTH[:-2] + b"\n\n", BODY),
    "a bare CR in a value": (b"X: a\rb\r\n" + LENGTH + b"\r\n", BODY),
    "a folded line": (b"X: a\r\n b\r\n" + LENGTH + b"\r\n", BODY),
    "a folded length": (b"Content-Length:\r\n %d\r\n\r\n" % len(BODY), BODY),
    "two lengths": (LENGTH + b"Content-Length: 5\r\n\r\n", BODY),
    "two lengths, the other way round": (b"Content-Length: 5\r\n" + LENGTH + b"\r\n", BODY),
    "the same length twice": (LENGTH + LENGTH + b"\r\n", BODY),
    "a list of lengths": (b"Content-Length: %d, 5\r\n\r\n" % len(BODY), BODY),
    "a length and chunks": (LENGTH + CHUNKED + b"\r\n", CHUNKS),
    "chunks and a length": (CHUNKED + LENGTH + b"\r\n", CHUNKS),
    "chunks that are not the last coding": (
        b"Transfer-Encoding: chunked, gzip\r\n\r\n",
        CHUNKS,
    ),
    "a chunk's size that ends in LF": (CHUNKED + b"\r\n", CHUNKS.replace(b"\r\n{", b"\n{")),
    "a chunk that ends in LF": (CHUNKED + b"\r\n", CHUNKS.replace(b"}\r\n", b"}\n")),
    "two hosts": (b"Host: y\r\n" + LENGTH + b"\r\n", BODY),
}


def post(ends: tuple[bytes, bytes], *, authorization: bytes = b"") -> bytes:
    head, body = ends
    beginning = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return beginning + authorization + head + body


@pytest.mark.parametrize("has_token", [False, True])
@pytest.mark.parametrize("ends", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(
    live_site: LiveSite, token: str, ends: tuple[bytes, bytes], has_token: bool
) -> None:
    authorization = b"Authorization: Bearer %s\r\n" % token.encode() if has_token else b""
    came = answers(live_site.url, post(ends, authorization=authorization) + SMUGGLED)

    assert came.startswith(b"HTTP/1.1 400 ")
    assert came.count(b"HTTP/1.1") == 1
    assert json.loads(came.partition(b"\r\n\r\n")[2])["errors"]


def test_a_length_beyond_any_number_of_a_machine_is_too_long_and_nothing_after_it_is_read(
    live_site: LiveSite,
) -> None:
    ends = (b"Content-Length: 9999999999999999999\r\n\r\n", BODY)
    came = answers(live_site.url, post(ends) + SMUGGLED)

    assert came.startswith(b"HTTP/1.1 413 ")
    assert came.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "ends",
    [(LENGTH + b"\r\n", BODY), (CHUNKED + b"\r\n", CHUNKS), (LENGTH + b"Expect: x\r\n\r\n", BODY)],
    ids=["a length", "chunks", "an expectation of something else"],
)
def test_what_can_be_read_in_one_way_is_answered_and_so_is_what_follows(
    live_site: LiveSite, token: str, ends: tuple[bytes, bytes]
) -> None:
    authorization = b"Authorization: Bearer %s\r\n" % token.encode()
    last = SMUGGLED[:-2] + b"Connection: close\r\n\r\n"
    came = answers(live_site.url, post(ends, authorization=authorization) * 2 + last)

    assert came.count(b"HTTP/1.1 200 OK") == 3
    assert came.count(b"@example.org") == 2
    assert came.endswith(b'{"status": "ok", "checks": {"process": true}}')


def test_a_request_without_a_host_is_refused(live_site: LiveSite) -> None:
    answer = exchange(live_site.url, b"GET /graphql?query={__typename} HTTP/1.1\r\n\r\n")

    assert answer is not None
    assert (answer.status_code, error_codes(answer)) == (400, ["BAD_USER_INPUT"])


def test_the_host_of_the_header_counts_where_the_target_names_another(live_site: LiveSite) -> None:
    line = b"GET http://evil.example/graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = exchange(live_site.url, line)

    assert answer is not None
    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("target", [b"http://[::1", b"http://[x]/", b"://", b"x:y", b"*", b"\xff"])
def test_an_odd_target_is_no_failure_of_ours(live_site: LiveSite, target: bytes) -> None:
    answer = exchange(live_site.url, b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % target)

    assert answer is not None
    assert answer.status_code < 500
    assert "Error in ASGI application" not in live_site.log.read_text()


@pytest.mark.parametrize("options", [b"close", b"keep-alive, close", b"Close , x"])
def test_a_connection_that_is_to_be_closed_is_closed(live_site: LiveSite, options: bytes) -> None:
    came = answers(live_site.url, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n" % options)

    assert came.lower().count(b"connection: close") == 1


def test_a_client_that_expects_it_is_told_once_to_continue(live_site: LiveSite) -> None:
    address = urlsplit(live_site.url)
    with closing(socket.create_connection((address.hostname, address.port), 15)) as client:
        client.sendall(post((LENGTH + b"Expect: 100-continue\r\nConnection: close\r\n\r\n", b"")))
        came = client.recv(65536)
        assert came == CONTINUE
        for byte in BODY:
            client.sendall(bytes([byte]))
        while piece := client.recv(65536):
            came += piece
    assert came.count(b"100 Continue") == 1
    assert b"HTTP/1.1 200 OK" in came


def test_a_client_that_expects_to_be_refused_is_and_sends_nothing(live_site: LiveSite) -> None:
    head = b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
    came = answers(live_site.url, post((head, b"")))

    assert came.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in came


@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c"])
def test_there_is_no_other_protocol(live_site: LiveSite, upgrade: bytes) -> None:
    came = answers(
        live_site.url,
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\n"
        b"Upgrade: %s\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        % upgrade,
    )

    assert b"101" not in came.split(b"\r\n")[0]
