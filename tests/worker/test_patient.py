"""The worker on the wire: what slow, rude and unusual clients get, and what the others notice."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

import httpx
import psycopg2
import pytest

from harness.site import LiveSite
from server.worker.arrival import MAX_HEAD_BYTES
from tests.support.live_account import token_of_new_account
from tests.support.raw_http import exchange

pytestmark = pytest.mark.live
BODY = json.dumps({"query": "{ viewer { email } }"}).encode()
HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n" % len(BODY)
)
ANSWER = {"data": {"viewer": None}}
SOON_SECONDS = 3


@contextmanager
def clients_that_sent(site: LiveSite, count: int, beginning: bytes) -> Iterator[None]:
    address = urlsplit(site.url)
    with ExitStack() as open_connections:
        for _ in range(count):
            client = socket.create_connection((address.hostname, address.port))
            open_connections.enter_context(closing(client))
            client.sendall(beginning)
        yield


@pytest.mark.parametrize(
    "beginning", [b"", b"POST /gra", HEAD + b"\r\n{"], ids=["nothing", "half a head", "half a body"]
)
def test_slow_clients_hold_up_nobody(live_site: LiveSite, beginning: bytes) -> None:
    with clients_that_sent(live_site, 100, beginning):
        started = time.monotonic()
        for _ in range(5):
            answer = httpx.post(f"{live_site.url}/graphql", content=BODY, headers=JSON_HEADERS)
            assert answer.json() == ANSWER
        assert time.monotonic() - started < SOON_SECONDS


JSON_HEADERS = {"Content-Type": "application/json"}


def test_a_request_may_come_byte_by_byte(live_site: LiveSite) -> None:
    whole = HEAD + b"\r\n" + BODY
    pieces = [whole[index : index + 1] for index in range(len(whole))]
    answer = exchange(live_site.url, *pieces)
    assert answer is not None
    assert (answer.status_code, json.loads(answer.content)) == (200, ANSWER)


def test_two_requests_in_one_piece_get_two_answers(live_site: LiveSite) -> None:
    request = HEAD + b"\r\n" + BODY
    address = urlsplit(live_site.url)
    with closing(socket.create_connection((address.hostname, address.port), 15)) as client:
        client.sendall(request + request)
        received = b""
        while received.count(b'"viewer"') < 2:
            piece = client.recv(4096)
            assert piece, received
            received += piece
    assert received.count(b"HTTP/1.1 200") == 2


def test_a_client_that_expects_100_continue_is_asked_for_its_body(live_site: LiveSite) -> None:
    address = urlsplit(live_site.url)
    with closing(socket.create_connection((address.hostname, address.port), 15)) as client:
        client.sendall(HEAD + b"Expect: 100-continue\r\n\r\n")
        assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(BODY)
        received = b""
        while b'"viewer"' not in received:
            piece = client.recv(4096)
            assert piece, received
            received += piece
    assert b"HTTP/1.1 200" in received


def test_a_head_without_an_end_is_refused(live_site: LiveSite) -> None:
    endless = b"GET / HTTP/1.1\r\nA: " + b"a" * (MAX_HEAD_BYTES + 1)
    answer = exchange(live_site.url, endless)
    assert answer is not None
    assert answer.status_code == 431
    assert json.loads(answer.content)["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


def test_clients_that_keep_a_closed_connection_hold_up_nobody(live_site: LiveSite) -> None:
    closing_request = HEAD + b"Connection: close\r\n\r\n" + BODY
    with clients_that_sent(live_site, 20, closing_request):
        started = time.monotonic()
        answer = httpx.post(f"{live_site.url}/graphql", content=BODY, headers=JSON_HEADERS)
        assert answer.json() == ANSWER
        assert time.monotonic() - started < SOON_SECONDS


LONG_LABEL = "a very long name of something " * 2000
ROWS_OF_LONG_LABELS = """
    INSERT INTO predictions_prediction (user_id, model_version_id, label, confidence, scores,
        image_width, image_height, image_format, image_bytes, image_sha256, duration_ms, embedding)
    SELECT (SELECT max(id) FROM accounts_user), %s, 'short', 0.5,
        jsonb_build_array(jsonb_build_array(%s::text, 0.5)), 1, 1, 'JPEG', 1, '', 1, ''
    FROM generate_series(1, 100)
"""
MODEL_VERSION = """
    INSERT INTO predictions_modelversion (name, version, labels, license, source, weights_sha256)
    VALUES ('of long labels', '1', '{}', '', '', '') RETURNING id
"""


def test_a_page_by_token_comes_whole_to_a_client_that_is_slow_to_take_it(
    live_site: LiveSite,
) -> None:
    token = token_of_new_account(live_site)
    with closing(psycopg2.connect(live_site.database_url)) as database, database.cursor() as cursor:
        cursor.execute(MODEL_VERSION)
        cursor.execute(ROWS_OF_LONG_LABELS, [cursor.fetchone()[0], LONG_LABEL])
        database.commit()
    document = "{ viewer { history(first: 100) { edges { node { scores { label } } } } } }"
    body = json.dumps({"query": document}).encode()
    request = (
        b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
        % (token.encode(), len(body), body)
    )
    address = urlsplit(live_site.url)
    with closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((address.hostname, address.port))
        client.settimeout(30)
        for _ in range(5):  # the first by a thread; six megabytes are more than a socket takes
            client.sendall(request)
            time.sleep(0.2)
            status, content = whole_answer(client)
            assert status == b"HTTP/1.1 200 OK"
            edges = json.loads(content)["data"]["viewer"]["history"]["edges"]
            assert [edge["node"]["scores"] for edge in edges] == [[{"label": LONG_LABEL}]] * 100


def whole_answer(client: socket.socket) -> tuple[bytes, bytes]:
    came = b""
    while b"\r\n\r\n" not in came:
        came += client.recv(65536)
    head, _, content = came.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    length = dict(line.lower().split(b": ", 1) for line in lines)[b"content-length"]
    while len(content) < int(length):
        content += client.recv(65536)
    return status, content
