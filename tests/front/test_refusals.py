"""A request that is refused while it arrives is told of, without a word of its own."""

import json
from http import HTTPStatus
from pathlib import Path

import pytest

from harness.site import LiveSite
from server.front.refusals import LABEL, Refusal
from server.observability.instruments import ERRORS, REQUESTS
from tests.support.graphql_errors import error_codes
from tests.support.raw_http import answers, exchange

SECRET = "what nobody may know"


@pytest.mark.live
def test_a_refusal_has_the_form_of_the_apis_errors_and_its_line_tells_nothing_of_the_client(
    live_site: LiveSite,
) -> None:
    line = f"POST /graphql?secret={SECRET.replace(' ', '+')} HTTP/1.1\r\n"
    head = f"{line}Host: x\r\nCookie: a={SECRET}\r\nContent-Length: 99999999\r\n\r\n{SECRET}"
    answer = exchange(live_site.url, head.encode())
    too_long = exchange(live_site.url, f"GET /{'x' * 9_000} HTTP/1.1\r\n{head}".encode())
    malformed = exchange(live_site.url, head.replace("99999999", SECRET).encode())

    assert answer is not None
    assert json.loads(answer.content) == {
        "errors": [
            {
                "message": "A request may have 14,243,157 bytes; this one has more.",
                "extensions": {"code": "BAD_USER_INPUT"},
            }
        ]
    }
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Connection"] == "close"
    for refused, status in ((too_long, 414), (malformed, 400)):  # by the parser
        assert refused is not None
        assert refused.status_code == status
        assert error_codes(refused) == ["BAD_USER_INPUT"]
        assert refused.headers["Connection"] == "close"
        assert SECRET.encode() not in refused.content
    log = Path(live_site.log).read_text()
    assert "A request was refused while it arrived: 413 A request may have" in log
    assert SECRET not in log
    assert SECRET.replace(" ", "+") not in log


@pytest.mark.live
@pytest.mark.parametrize(
    ("malformed", "status"),
    [
        (f"{SECRET}\r\n\r\n", 400),
        (f"GET /{'x' * 9_000} HTTP/1.1\r\nHost: {SECRET}\r\n\r\n", 414),
        (f"GET / HTTP/1.1\r\nHost: x\r\nCookie: {SECRET}{'x' * 9_000}\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x\r\n\r\n", 501),
    ],
    ids=["no request", "a line too long", "a header too long", "a coding there is not"],
)
def test_a_malformed_request_right_behind_another_is_refused_in_the_same_form(
    live_site: LiveSite, malformed: str, status: int
) -> None:
    before = len(live_site.log.read_text())
    first = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
    came = answers(live_site.url, first + malformed.encode())

    assert came.startswith(b"HTTP/1.1 200 OK\r\n")
    assert came.count(b"HTTP/1.1 ") == 2
    refusal = came[came.rindex(b"HTTP/1.1 ") :]
    assert refusal.startswith(b"HTTP/1.1 %d " % status)
    assert b"content-type: application/json\r\n" in refusal
    (error,) = json.loads(refusal.partition(b"\r\n\r\n")[2])["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    line = f"A request was refused while it arrived: {status} {error['message']}"
    assert live_site.log.read_text()[before:].count(line) == 1


def test_a_refusal_is_counted() -> None:
    def counts() -> tuple[float, float]:
        return REQUESTS.labels(LABEL, 503)._value.get(), ERRORS.labels("BUSY")._value.get()

    before = counts()
    answer = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Busy; try again soon.").told()

    assert counts() == (before[0] + 1, before[1] + 1)
    assert (b"retry-after", b"2") in answer.headers
