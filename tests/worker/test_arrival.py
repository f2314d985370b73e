"""When a request on its way in is whole, and how long it may take."""

import time

import pytest

from server.worker.arrival import (
    BODY_SECONDS,
    HEAD_SECONDS,
    IDLE_SECONDS,
    MAX_HEAD_BYTES,
    MIN_BYTES_PER_SECOND,
    Arrival,
)

HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"


def arrived(*pieces: bytes, max_body_bytes: int = 100) -> Arrival:
    arrival = Arrival(max_body_bytes)
    for piece in pieces:
        arrival.add(piece)
    return arrival


@pytest.mark.parametrize(
    ("pieces", "is_whole"),
    [
        ((b"GET / HTTP/1.1\r\nHost: a\r\n",), False),
        ((b"GET / HTTP/1.1\r\nHost: a\r\n\r", b"\n"), True),
        ((HEAD,), False),
        ((HEAD, b"1234"), False),
        ((HEAD, b"1234", b"5"), True),
        ((HEAD + b"12345GET",), True),
        (tuple(bytes([byte]) for byte in HEAD + b"12345"), True),
        ((HEAD.lower() + b"12345",), True),
    ],
)
def test_a_request_is_whole_with_the_last_byte_of_its_body(
    pieces: tuple[bytes, ...], *, is_whole: bool
) -> None:
    arrival = arrived(*pieces)
    assert arrival.is_whole is is_whole
    assert b"".join(arrival.pieces) == b"".join(pieces)


def test_a_body_that_is_too_long_is_not_waited_for() -> None:
    arrival = arrived(HEAD, max_body_bytes=4)
    assert arrival.is_whole
    assert arrival.is_cut_short


def test_a_body_of_unknown_length_is_not_waited_for() -> None:
    arrival = arrived(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert arrival.is_whole
    assert arrival.is_cut_short


def test_a_client_that_waits_for_100_continue_is_known() -> None:
    assert arrived(HEAD.replace(b"Host: a", b"Expect: 100-continue")).waits_for_continue
    assert not arrived(HEAD).waits_for_continue


def test_a_head_without_an_end_is_too_large_at_some_point() -> None:
    assert not arrived(b"GET / HTTP/1.1\r\n").is_head_too_large
    assert arrived(b"GET / HTTP/1.1\r\nA: ", b"a" * MAX_HEAD_BYTES).is_head_too_large


@pytest.mark.parametrize(
    ("pieces", "seconds"),
    [
        ((), IDLE_SECONDS),
        ((b"GET",), HEAD_SECONDS),
        ((HEAD,), BODY_SECONDS + len(HEAD) / MIN_BYTES_PER_SECOND),
        ((HEAD, b"1234"), BODY_SECONDS + (len(HEAD) + 4) / MIN_BYTES_PER_SECOND),
    ],
)
def test_patience_grows_with_what_has_come(pieces: tuple[bytes, ...], seconds: float) -> None:
    before = time.monotonic()
    arrival = arrived(*pieces)
    assert before + seconds <= arrival.deadline <= time.monotonic() + seconds
