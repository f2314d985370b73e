"""Slow clients, so many of each kind; one that is sent away comes again after a pause.

`python -m benchmarks.crowd_clients PORT COUNT` says "all are there" once they are, and stays.
"""

import asyncio
import random
import resource
import socket
import sys
from contextlib import suppress

from harness.ports import HOST
from harness.rude_clients import GET_LARGE_FILE, TINY_WINDOW_BYTES

POST = (
    f"POST /graphql HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
).encode()
PACE_SECONDS = 5.0  # a reader takes a kilobyte, a writer sends a byte
AWAY_SECONDS = (0.2, 1.8)  # each for another while, so that they do not come all at once
COMING_AT_ONCE = 50


class Crowd:
    """All of them."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._expected = 3 * count
        self._coming = asyncio.Semaphore(COMING_AT_ONCE)

    async def stay(self) -> None:
        """Come, and never leave."""
        async with asyncio.TaskGroup() as clients:
            for _ in range(self._expected // 3):
                for beginning, is_reader in ((GET_LARGE_FILE, True), (POST, False), (b"", False)):
                    clients.create_task(self._client(beginning, is_reader=is_reader))

    async def _client(self, beginning: bytes, *, is_reader: bool) -> None:
        is_first = True
        while True:
            with suppress(OSError), socket.socket() as client:
                if is_reader:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, TINY_WINDOW_BYTES)
                client.settimeout(0)
                loop = asyncio.get_running_loop()
                async with self._coming:
                    await loop.sock_connect(client, (HOST, self._port))
                    await loop.sock_sendall(client, beginning)
                if is_first:
                    is_first = False
                    self._is_there()
                await _dawdle(client, is_writer=beginning == POST, is_reader=is_reader)
            await asyncio.sleep(random.uniform(*AWAY_SECONDS))  # noqa: S311 - no secret

    def _is_there(self) -> None:
        self._expected -= 1
        if not self._expected:
            print("all are there", flush=True)


async def _dawdle(client: socket.socket, *, is_writer: bool, is_reader: bool) -> None:
    """Do little until the server ends the connection."""
    loop = asyncio.get_running_loop()
    while True:
        if is_reader:
            await asyncio.sleep(PACE_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(PACE_SECONDS):
                if not await loop.sock_recv(client, 1024):
                    return
        if is_writer:
            await loop.sock_sendall(client, b" ")


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(Crowd(int(sys.argv[1]), int(sys.argv[2])).stay())
