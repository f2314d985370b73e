"""The attacker wants two servers to disagree on where a request ends, or who sent it."""

import json
from urllib.parse import urlsplit

import pytest

from harness.site import LiveSite
from tests.support.raw_http import exchange

pytestmark = pytest.mark.live

BODY = json.dumps({"query": "{ __typename }"}).encode()
SMUGGLED = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"


def post(site: LiveSite, *lines: bytes, body: bytes = BODY) -> tuple[int, bytes] | None:
    host = urlsplit(site.url).netloc.encode()
    head = [
        b"POST /graphql HTTP/1.1",
        b"Host: " + host,
        b"Content-Type: application/json",
        b"Connection: close",
        *lines,
    ]
    answer = exchange(site.url, b"\r\n".join(head) + b"\r\n\r\n" + body)
    return answer and (answer.status_code, answer.content)


def length(count: int) -> bytes:
    return b"Content-Length: " + str(count).encode()


CHUNKED = b"0\r\n\r\n" + SMUGGLED


@pytest.mark.parametrize(
    "lines",
    [
        [length(len(CHUNKED)), b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", length(5)],
        [length(5), b"Transfer-Encoding: xchunked"],
        [length(5), b"Transfer-Encoding : chunked"],
        [length(5), b"Transfer-Encoding: chunked, identity"],
        [length(5), b"Transfer-Encoding: identity, chunked"],
        [length(5), b"Transfer-Encoding:\x0bchunked"],
        [length(5), b"Transfer-Encoding: chunked", b"Transfer-Encoding: x"],
        [length(5), b"X: y", b" Transfer-Encoding: chunked"],
        [length(5), b"\x00Transfer-Encoding: chunked"],
        [length(5), length(6)],
        [b"Content-Length: +5"],
        [b"Content-Length: 5, 5"],
        [b"Content-Length: 0x5"],
        [b"Content-Length: 5_0"],
        [b"Content-Length : 5"],
        [b"Content Length: 5"],
    ],
    ids=lambda lines: b" | ".join(lines).decode("latin-1").encode("unicode_escape").decode(),
)
def test_a_body_of_two_lengths_is_refused_and_nothing_after_it_is_answered(
    live_site: LiveSite, lines: list[bytes]
) -> None:
    answer = post(live_site, *lines, body=CHUNKED)

    assert answer is None or answer[0] in {400, 411, 501}
    assert answer is None or b'"status": "ok"' not in answer[1]


def test_a_plain_request_of_that_form_is_answered(live_site: LiveSite) -> None:
    assert post(live_site, length(len(BODY))) == (200, b'{"data":{"__typename":"Query"}}')


@pytest.mark.parametrize(
    "lines",
    [
        [b"X_Forwarded_For: 203.0.113.9", b"X_Request_Id: smuggled"],
        [b"X-Request_Id: smuggled"],
    ],
)
def test_a_header_with_underscores_is_none_of_those_with_hyphens(
    live_site: LiveSite, lines: list[bytes]
) -> None:
    host = urlsplit(live_site.url).netloc.encode()
    head = [b"GET /graphql?query=%7B__typename%7D HTTP/1.1", b"Host: " + host, *lines]
    answer = exchange(live_site.url, b"\r\n".join(head) + b"\r\nConnection: close\r\n\r\n")

    assert answer is not None
    assert answer.headers.get("X-Request-Id") != "smuggled"


@pytest.mark.parametrize(
    "line",
    [
        b"GET /graphql\nX: y HTTP/1.1",
        b"GET  /graphql HTTP/1.1",
        b"GET /graphql HTTP/9.9",
        b"get /graphql HTTP/1.1",
        b"GET http://evil.example/graphql HTTP/1.1",
        b"CONNECT evil.example:443 HTTP/1.1",
        b"\x16\x03\x01\x02\x00",
        b"PRI * HTTP/2.0",
    ],
)
def test_an_odd_request_line_crashes_nothing(live_site: LiveSite, line: bytes) -> None:
    exchange(live_site.url, line + b"\r\nHost: x\r\nConnection: close\r\n\r\n", hang_up=True)

    assert post(live_site, length(len(BODY))) == (200, b'{"data":{"__typename":"Query"}}')


@pytest.mark.parametrize(
    "path",
    [
        b"//evil.example/admin",
        b"//evil.example/index.html",
        b"/%2F%2Fevil.example/admin",
        b"/\\evil.example/admin",
        b"//evil.example/..;/admin",
        b"/..//evil.example/",
    ],
)
def test_a_redirect_of_the_real_server_stays_on_it(live_site: LiveSite, path: bytes) -> None:
    answer = exchange(
        live_site.url, b"GET " + path + b" HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\n\r\n"
    )

    location = "" if answer is None else answer.headers.get("Location", "")
    assert not location.startswith(("//", "/\\", "\\", "http"))
