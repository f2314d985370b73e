"""A small real server of the Open Inference Protocol: our own protocol, on the real graph.

It can be told to misbehave as servers and networks do.
"""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference_tier.protocol import Asked, OpenInferenceServer, Reply
from inference_tier.served_model import ServedModel, load_models

# Takes what was asked and what would be answered; None closes the connection without a word.
Misbehaviour = Callable[[Asked, Reply], Reply | None]


@dataclass
class InferenceServer:
    """A running server and what was asked of it."""

    server: ThreadingHTTPServer
    models: dict[str, ServedModel]
    scheme: str = "http"
    asked: list[Asked] = field(default_factory=list)
    misbehaves: Misbehaviour | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://localhost:{self.server.server_port}"

    @property
    def model(self) -> ServedModel:
        """The first of its models."""
        return next(iter(self.models.values()))

    def counts(self) -> Counter[str]:
        """How often each path was asked, by its last part."""
        return Counter(asked.path.rpartition("/")[2] for asked in self.asked)

    def last_inference(self) -> Asked:
        """The last request for an inference."""
        return [asked for asked in self.asked if asked.path.endswith("/infer")][-1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        running: InferenceServer = self.server.running  # type: ignore[attr-defined]
        protocol: OpenInferenceServer = self.server.protocol  # type: ignore[attr-defined]
        asked = Asked(self.command, self.path, headers, body)
        running.asked.append(asked)
        reply: Reply | None = asyncio.run(protocol.answer(asked))
        if running.misbehaves is not None and reply is not None:
            reply = running.misbehaves(asked, reply)
        if reply is None:
            self.close_connection = True
            self.connection.close()
            return
        with contextlib.suppress(ConnectionError):  # it did not wait
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self._connections: list[socket.socket] = []

    def process_request(self, request: socket.socket, client_address: object) -> None:
        """Remember the connection: one that is kept must not outlive the server."""
        self._connections.append(request)
        super().process_request(request, client_address)

    def server_close(self) -> None:
        """Stop listening, and hang up."""
        super().server_close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """A client that does not wait is what is tried."""


@contextmanager
def inference_server(
    models: dict[str, ServedModel],
    *,
    token: str = "",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[InferenceServer]:
    """Serve `models` until the end of the block."""
    one_at_a_time = threading.Lock()

    async def run(
        model: ServedModel, pixels: npt.NDArray[np.uint8], with_map: bool
    ) -> dict[str, npt.NDArray[np.float32]]:
        with one_at_a_time:
            return model.run(pixels, with_map=with_map)

    server = _Server(port)
    running = InferenceServer(server, models)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        running.scheme = "https"
    server.running = running  # type: ignore[attr-defined]
    server.protocol = OpenInferenceServer(models, run, token=token)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def served_models(model_directory: Path) -> dict[str, ServedModel]:
    """Load the exported models as the tier does."""
    return load_models(model_directory, "onnx")


def late(seconds: float) -> Misbehaviour:
    """Answer inferences only after so long."""

    def answer(asked: Asked, reply: Reply) -> Reply:
        if asked.path.endswith("/infer"):
            time.sleep(seconds)
        return reply

    return answer
