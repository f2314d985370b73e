"""Whoever sends slowly, little or nothing has a socket and no more, and not for long."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from harness.rude_clients import clients_that_sent, is_ended
from harness.site import LiveSite
from server.front.bodies import BODY_SECONDS
from server.front.connections import ENDED_SECONDS, HEAD_SECONDS, IDLE_SECONDS
from tests.support.bystanders import assert_others_are_served
from tests.support.graphql_errors import error_codes
from tests.support.raw_http import exchange

pytestmark = pytest.mark.live

MORE_THAN_THREADS = 60
LEEWAY_SECONDS = 5
POST = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
FORM = (
    b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n--x"
)
BEGINNINGS = {
    "nothing": b"",
    "half a head": b"POST /gra",
    "half a body": POST + b"Content-Length: 100\r\n\r\n{",
    "a bare LF after the length": POST + b"Content-Length: 100\n\r\n{",
    "a length of 19 digits": POST + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n{",
    "a form that is too long": FORM % 50_000_000,
    "a form that is not": FORM % 5_000_000,
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
    "half a body of a probe": b"GET /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_clients_that_stop_sending_hold_up_nobody(
    live_site: LiveSite, token: str, cat: bytes, beginning: bytes
) -> None:
    with clients_that_sent(live_site, MORE_THAN_THREADS, beginning):
        assert_others_are_served(live_site, token, cat)


KEPT = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
LIMITS = {
    "nothing": (b"", IDLE_SECONDS),
    "nothing after a request": (KEPT, IDLE_SECONDS),
    "half a head": (BEGINNINGS["half a head"], HEAD_SECONDS),
    "half a body": (BEGINNINGS["half a body"], BODY_SECONDS),
    "half a chunk": (BEGINNINGS["half a chunk"], BODY_SECONDS),
}


@pytest.fixture(scope="module")
def waiting(live_site: LiveSite) -> Iterator[dict[str, Future[Any]]]:
    """Clients that wait for their end, all of them at the same time."""

    def is_ended_in_time(beginning: bytes, limit: float) -> bool:
        with clients_that_sent(live_site, 1, beginning) as [client]:
            return is_ended(client, limit + LEEWAY_SECONDS)

    with ThreadPoolExecutor() as pool:
        ended = {name: pool.submit(is_ended_in_time, *limit) for name, limit in LIMITS.items()}
        told = {
            f"the answer to {name}": pool.submit(
                exchange, live_site.url, BEGINNINGS[name], timeout_seconds=30
            )
            for name in ("half a head", "half a body")
        }
        yield ended | told | {"a trickle": pool.submit(_answer_to_a_trickle, live_site)}


@pytest.mark.parametrize("name", LIMITS)
def test_clients_that_stop_sending_are_ended(waiting: dict[str, Future[Any]], name: str) -> None:
    assert waiting[name].result()


@pytest.mark.parametrize("name", ["half a head", "half a body"])
def test_a_client_that_stopped_is_told_that_it_came_too_slowly(
    waiting: dict[str, Future[Any]], name: str
) -> None:
    answer = waiting[f"the answer to {name}"].result()

    assert answer is not None
    assert answer.status_code == 408
    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert answer.headers["Connection"] == "close"


def test_bytes_that_trickle_in_buy_no_time(waiting: dict[str, Future[Any]]) -> None:
    assert waiting["a trickle"].result().startswith(b"HTTP/1.1 408 ")


def _answer_to_a_trickle(site: LiveSite) -> bytes:
    with clients_that_sent(site, 1, POST + b"Content-Length: 1000\r\n\r\n") as [client]:
        started = time.monotonic()
        client.settimeout(0.5)
        answer = b""
        while not answer and time.monotonic() - started < BODY_SECONDS + LEEWAY_SECONDS:
            client.sendall(b" ")
            try:
                answer = client.recv(4096)
            except TimeoutError:
                continue
        return answer


def test_a_client_that_hangs_up_amid_its_body_is_told_at_once(live_site: LiveSite) -> None:
    started = time.monotonic()
    answer = exchange(live_site.url, BEGINNINGS["half a body"], hang_up=True)

    assert answer is not None
    assert (answer.status_code, error_codes(answer)) == (400, ["BAD_USER_INPUT"])
    assert time.monotonic() - started < ENDED_SECONDS + LEEWAY_SECONDS


def test_a_client_that_hangs_up_after_its_request_is_answered(live_site: LiveSite) -> None:
    body = b'{"query": "{ __typename }"}'
    head = POST + b"Content-Length: %d\r\n\r\n" % len(body)
    answer = exchange(live_site.url, head + body, hang_up=True)

    assert answer is not None
    assert (answer.status_code, answer.content) == (200, b'{"data":{"__typename":"Query"}}')


def test_a_head_without_an_end_is_refused(live_site: LiveSite) -> None:
    short_lines = b"".join(b"A%d: %s\r\n" % (number, b"a" * 1000) for number in range(50))
    for endless in (b"A: " + b"a" * 40_000, short_lines):
        answer = exchange(live_site.url, b"GET / HTTP/1.1\r\nHost: x\r\n" + endless)
        assert answer is not None
        assert answer.status_code == 431


def test_a_request_may_come_byte_by_byte(live_site: LiveSite) -> None:
    body = b'{"query": "{ __typename }"}'
    whole = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    answer = exchange(live_site.url, *(whole[index : index + 1] for index in range(len(whole))))

    assert answer is not None
    assert (answer.status_code, answer.content) == (200, b'{"data":{"__typename":"Query"}}')
