"""HTTP as bytes on a socket, for what no client library would send."""

import socket
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class RawAnswer:
    """What a server answered; the same members as the answers of httpx."""

    status_code: int
    headers: dict[str, str]
    content: bytes


def exchange(
    url: str, *pieces: bytes, hang_up: bool = False, timeout_seconds: float = TIMEOUT_SECONDS
) -> RawAnswer | None:
    """Send bytes to the server of a URL and read one answer; None where it only closes.

    With `hang_up` the client says that nothing more will come, and goes on reading.
    """
    address = urlsplit(url)
    peer = (address.hostname, address.port)
    with closing(socket.create_connection(peer, timeout_seconds)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the server has answered already and stopped reading
        with connection.makefile("rb") as stream:
            try:
                return _read_answer(stream)
            except ConnectionResetError:
                return None  # it has closed with bytes unread


def answers(url: str, request: bytes) -> bytes:
    """Send bytes to the server of a URL and read everything until it closes the connection."""
    address = urlsplit(url)
    peer = (address.hostname, address.port)
    came = b""
    with closing(socket.create_connection(peer, TIMEOUT_SECONDS)) as client:
        client.sendall(request)
        try:
            while piece := client.recv(65536):
                came += piece
        except ConnectionResetError:
            pass
    return came


def _read_answer(stream: BinaryIO) -> RawAnswer | None:
    status_line = stream.readline()
    if not status_line:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.title()] = value.strip()
    length = int(headers.get("Content-Length", "0"))
    return RawAnswer(int(status_line.split()[1]), headers, stream.read(length))
