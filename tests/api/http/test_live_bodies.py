"""Bodies on the wire: what only a real server and a real socket can show."""

import json
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from harness.site import LiveSite
from tests.support.graphql_errors import error_codes
from tests.support.raw_http import RawAnswer, exchange

pytestmark = pytest.mark.live

TYPENAME = b'{"query": "{ __typename }"}'
FIFTY_MEGABYTES = 50 * 2**20
MAX_GROWTH_BYTES = 25 * 2**20
IN_TIME_SECONDS = 10


def head(*lines: str) -> bytes:
    usual = ("POST /graphql HTTP/1.1", "Host: localhost", "Content-Type: application/json")
    return "\r\n".join([*usual, *lines, "", ""]).encode()


def answered(answer: RawAnswer | None) -> RawAnswer:
    assert answer is not None, "the connection was closed without an answer"
    return answer


def is_served(site: LiveSite) -> bool:
    body = {"query": "{ __typename }"}
    return httpx.post(f"{site.url}/graphql", json=body, timeout=IN_TIME_SECONDS).json() == {
        "data": {"__typename": "Query"}
    }


def resident_bytes(site: LiveSite) -> int:
    workers = psutil.Process(site.process.pid).children()
    return sum(worker.memory_info().rss for worker in workers)


def test_a_body_without_a_length_is_refused(live_site: LiveSite) -> None:
    answer = answered(exchange(live_site.url, head()))

    assert answer.status_code == 411
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_chunked_body_is_taken(live_site: LiveSite) -> None:
    chunk = f"{len(TYPENAME):x}\r\n".encode() + TYPENAME + b"\r\n0\r\n\r\n"

    answer = answered(exchange(live_site.url, head("Transfer-Encoding: chunked"), chunk))

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}


def test_an_endless_chunked_body_is_cut_off(live_site: LiveSite) -> None:
    address = urlsplit(live_site.url)
    started = time.monotonic()
    sent_bytes = 0
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(head("Transfer-Encoding: chunked"))
        try:
            while time.monotonic() - started < IN_TIME_SECONDS:
                connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                sent_bytes += 0x10000
        except OSError:
            pass

    assert time.monotonic() - started < IN_TIME_SECONDS
    assert is_served(live_site)


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "0x10", "+5", "5 5", "9" * 5_000, "²"])
def test_a_length_that_is_no_number_is_refused(live_site: LiveSite, length: str) -> None:
    answer = exchange(live_site.url, head(f"Content-Length: {length}"), TYPENAME, hang_up=True)

    # Most of these are no HTTP at all, so that gunicorn refuses them by itself.
    assert answer is None or answer.status_code in {400, 411, 413}
    assert is_served(live_site)


def test_two_lengths_are_refused(live_site: LiveSite) -> None:
    answer = answered(
        exchange(live_site.url, head("Content-Length: 5", "Content-Length: 27"), TYPENAME)
    )

    assert answer.status_code == 400


def test_a_length_and_chunks_together_are_refused_or_closed(live_site: LiveSite) -> None:
    answer = exchange(
        live_site.url,
        head("Content-Length: 4", "Transfer-Encoding: chunked"),
        b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
    )

    assert answer is None or answer.status_code in {400, 411}


def test_a_length_shorter_than_the_body_leaves_the_rest_unread(live_site: LiveSite) -> None:
    answer = answered(
        exchange(live_site.url, head("Content-Length: 10", "Connection: close"), TYPENAME)
    )

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_body_that_ends_before_its_length_is_refused(live_site: LiveSite) -> None:
    answer = answered(
        exchange(live_site.url, head("Content-Length: 1000"), TYPENAME[:-1], hang_up=True)
    )

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_form_that_ends_before_its_length_is_refused(live_site: LiveSite) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"que'
    lines = head("Content-Length: 100000").replace(
        b"application/json", b"multipart/form-data; boundary=x"
    )

    answer = answered(exchange(live_site.url, lines, form, hang_up=True))

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_clients_that_hang_up_midway_cost_no_worker(live_site: LiveSite) -> None:
    address = urlsplit(live_site.url)
    workers = [worker.pid for worker in psutil.Process(live_site.process.pid).children()]
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port), 10) as connection:
            connection.sendall(head("Content-Length: 1000000") + TYPENAME)

    assert is_served(live_site)
    after = [worker.pid for worker in psutil.Process(live_site.process.pid).children()]
    assert after == workers


def test_a_body_of_fifty_megabytes_is_refused_quickly_and_readably_without_being_kept(
    live_site: LiveSite,
) -> None:
    before = resident_bytes(live_site)
    started = time.monotonic()

    answer = httpx.post(
        f"{live_site.url}/graphql",
        content=b"x" * FIFTY_MEGABYTES,
        headers={"Content-Type": "application/json"},
        timeout=IN_TIME_SECONDS,
    )

    assert answer.status_code == 413
    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert time.monotonic() - started < IN_TIME_SECONDS
    assert resident_bytes(live_site) - before < MAX_GROWTH_BYTES


@pytest.mark.parametrize("further", [[], ["-H", "Expect:"]])
def test_curl_shows_the_refusal_of_an_upload_of_fifty_megabytes(
    live_site: LiveSite, tmp_path: Path, further: list[str]
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x" * FIFTY_MEGABYTES)
    form = ["-F", "operations={}", "-F", "map={}", "-F", f"photo=@{photo}"]

    curl = subprocess.run(
        ["curl", "-s", "-w", "\n%{http_code}", *further, *form, f"{live_site.url}/graphql"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    body, _, status = curl.stdout.rpartition("\n")
    assert status == "413"
    assert json.loads(body)["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


def test_a_form_with_a_field_of_fifteen_megabytes_is_refused(live_site: LiveSite) -> None:
    fields = {"operations": (None, b"x" * (15 * 2**20)), "map": (None, b"{}")}

    answer = httpx.post(f"{live_site.url}/graphql", files=fields, timeout=IN_TIME_SECONDS)

    assert answer.status_code == 413
    assert error_codes(answer) == ["BAD_USER_INPUT"]


def test_a_charset_that_python_knows_for_bytes_only_crashes_nothing(live_site: LiveSite) -> None:
    for charset in ("hex", "undefined", "idna"):
        answer = httpx.get(
            f"{live_site.url}/graphql",
            params={"query": "{ __typename }"},
            headers={"Content-Type": f"application/json; charset={charset}"},
        )

        assert answer.json() == {"data": {"__typename": "Query"}}


def test_an_address_longer_than_any_query_is_refused(live_site: LiveSite) -> None:
    answer = httpx.get(f"{live_site.url}/graphql?query={'x' * 20_000}", timeout=IN_TIME_SECONDS)

    assert 400 <= answer.status_code < 500


def test_a_client_reads_a_long_answer_that_came_packed(live_site: LiveSite) -> None:
    body = {"query": "{ models { labels(first: 500) } }"}

    answer = httpx.post(f"{live_site.url}/graphql", json=body, timeout=IN_TIME_SECONDS)

    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.json()["data"]["models"][0]["labels"]) == 500
