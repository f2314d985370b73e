"""Faults of clients: slow ones, ones that do not read, ones that vanish, and very many."""

import resource
import socket
import struct
import time
from contextlib import ExitStack, closing, suppress

from faults.bystanders import served
from faults.suite import Broken, Suite
from harness.photos import photos_of_100_kb
from harness.ports import HOST
from harness.predictions import MULTIPART, predict_body
from harness.rude_clients import clients_that_do_not_read, is_reset
from server.front.connections import STALL_SECONDS

SLOW_CLIENTS = 200
SLOW_SECONDS = 8
SLOW_READERS = 200
SIP_BYTES = 1024
SIP_EVERY_SECONDS = 10
LEEWAY_SECONDS = 20
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
    with served(suite.service.site, suite.load.tally) as others, ExitStack() as stack:
        clients = [stack.enter_context(closing(_connect(suite))) for _ in range(SLOW_CLIENTS)]
        for number, client in enumerate(clients):
            _try_to_send(client, beginnings[number % len(beginnings)])
        ends = time.monotonic() + SLOW_SECONDS
        while time.monotonic() < ends:
            for client in clients[:: len(beginnings)]:
                _try_to_send(client, b" ")
            time.sleep(1)
    return f"{SLOW_CLIENTS} slow clients; {others.sentence}"


def slow_readers(suite: Suite) -> str:
    """Ask for a large file on many connections and read a little of it now and then."""
    site = suite.service.site
    with (
        served(site, suite.load.tally) as others,
        clients_that_do_not_read(site, SLOW_READERS) as readers,
    ):
        started = time.monotonic()
        if not all(reader.recv(SIP_BYTES).startswith(b"HTTP/1.1 200 ") for reader in readers):
            raise Broken("the large file is not there to be read")
        for reader in readers:
            reader.settimeout(0)
        second = 0
        while not all(map(is_reset, readers)):
            if time.monotonic() - started > STALL_SECONDS + LEEWAY_SECONDS:
                raise Broken(f"{sum(not is_reset(reader) for reader in readers)} read on and on")
            second += 1
            for reader in readers[second % SIP_EVERY_SECONDS :: SIP_EVERY_SECONDS]:
                with suppress(OSError):
                    reader.recv(SIP_BYTES)
            time.sleep(1)
        seconds = time.monotonic() - started
    return f"{SLOW_READERS} slow readers, ended after {seconds:.0f} s; {others.sentence}"


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
