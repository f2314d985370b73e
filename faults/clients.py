"""Faults of clients: slow ones, ones that vanish, and very many."""

import resource
import socket
import struct
import time
from contextlib import ExitStack, closing

from faults.suite import Broken, Suite
from harness.photos import photos_of_100_kb
from harness.ports import HOST
from harness.predictions import MULTIPART, predict_body

SLOW_CLIENTS = 200
SLOW_SECONDS = 8
VANISHING_CLIENTS = 150
MANY_CONNECTIONS = 1000
SPARE_DESCRIPTORS = 200
QUICK_SECONDS = 10
ON_CLOSE_RESET = struct.pack("ii", 1, 0)
HEAD = (
    f"POST /graphql HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n"
)
QUERY = b'{"query": "{ models { name } }"}'


def slow_clients(suite: Suite) -> str:
    """Open connections that stop after nothing, half a head, or less of a body than they announce.

    Among them are those on which two readers of a head do not agree where its body ends, and bodies
    that come byte by byte.
    """
    trickling = f"{HEAD.format(length=100_000)}\r\n".encode()
    form = trickling.replace(b"/graphql", b"/admin/login/").replace(b"100000", b"50000000")
    beginnings = [
        trickling,
        b"",
        b"POST /gra",
        trickling.replace(b"100000\r\n", b"100000\n"),
        trickling.replace(b"100000", b"9" * 19),
        trickling.replace(b"100000", b"14000000"),
        form.replace(b"application/json", b"multipart/form-data; boundary=x"),
    ]
    before = len(suite.load.tally.acknowledged)
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(_connect(suite))) for _ in range(SLOW_CLIENTS)]
        for number, client in enumerate(clients):
            _try_to_send(client, beginnings[number % len(beginnings)])
        ends = time.monotonic() + SLOW_SECONDS
        while time.monotonic() < ends:
            for client in clients[:: len(beginnings)]:
                _try_to_send(client, b" ")
            time.sleep(1)
        served = len(suite.load.tally.acknowledged) - before
    if served < SLOW_SECONDS:
        raise Broken(f"beside {SLOW_CLIENTS} slow clients only {served} photos were answered")
    return f"{SLOW_CLIENTS} slow clients; {served} photos of others answered meanwhile"


def vanishing_clients(suite: Suite) -> str:
    """Send a photo, or half of one, and break the line without waiting."""
    body = predict_body(photos_of_100_kb(1)[0])
    request = _photo_request(suite, body)
    for number in range(VANISHING_CLIENTS):
        client = _connect(suite)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ON_CLOSE_RESET)
        _try_to_send(client, request if number % 3 else request[: len(request) // 2])
        client.close()
        time.sleep(0.02)
    return f"{VANISHING_CLIENTS} clients gone without waiting"


def thousand_connections(suite: Suite) -> str:
    """Open a thousand connections, and then ask something on each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MANY_CONNECTIONS + SPARE_DESCRIPTORS
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    request = f"{HEAD.format(length=len(QUERY))}Connection: close\r\n\r\n".encode() + QUERY
    answered = refused = 0
    with ExitStack() as stack:
        started = time.monotonic()
        clients = []
        for _ in range(MANY_CONNECTIONS):
            try:
                clients.append(stack.enter_context(closing(_connect(suite))))
            except OSError:
                refused += 1
        for client in clients:
            _try_to_send(client, request)
        for client in clients:
            client.settimeout(QUICK_SECONDS)
            try:
                answered += b"efficientnet" in client.makefile("rb").read()
            except OSError:
                refused += 1
        seconds = time.monotonic() - started
    if answered + refused < MANY_CONNECTIONS * 9 // 10:
        raise Broken(f"of {MANY_CONNECTIONS} connections {answered} were answered")
    return f"{answered} of {MANY_CONNECTIONS} answered in {seconds:.1f} s"


def _connect(suite: Suite) -> socket.socket:
    return socket.create_connection((HOST, suite.service.port), QUICK_SECONDS)


def _try_to_send(client: socket.socket, few_bytes: bytes) -> None:
    try:
        client.sendall(few_bytes)
    except OSError:
        client.close()  # the server has lost its patience, as it should


def _photo_request(suite: Suite, body: bytes) -> bytes:
    token = suite.load.token_of_the_rude
    head = HEAD.format(length=len(body)).replace("application/json", MULTIPART)
    return f"{head}Authorization: Bearer {token}\r\n\r\n".encode() + body
