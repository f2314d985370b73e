"""A gate before a live site that can be held, shut and answered for, as networks and hosts do."""

import http.client
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

from scripts.rehearse_proxy import LOOPBACK, TIMEOUT_SECONDS, Proxy

BUSY = {
    "data": None,
    "errors": [{"message": "Too much is waiting.", "extensions": {"code": "BUSY"}}],
}


class Gate:
    """Passes what comes on to a site, unless told otherwise. Only the API is affected."""

    def __init__(self, site_url: str) -> None:
        self.upstream_port = urlsplit(site_url).port
        self.url = ""
        self.requests: list[str] = []
        self._answer: int | None = None
        self._is_busy = False
        self._is_gone = False
        self._is_silent = False
        self._is_open = threading.Event()
        self._is_open.set()

    def open(self) -> None:
        """Pass everything on, also what was held."""
        self._answer, self._is_busy, self._is_gone, self._is_silent = None, False, False, False
        self._is_open.set()

    def hold(self) -> None:
        """Take requests and leave them without an answer until it opens."""
        self._is_open.clear()

    def answer(self, status: int) -> None:
        """Answer in the server's place, as a host does while the server wakes up."""
        self._answer = status

    def be_gone(self) -> None:
        """Hang up on everything."""
        self._is_gone = True

    def lose_answers(self) -> None:
        """Pass requests on, and hang up instead of answering."""
        self._is_silent = True

    def be_busy(self) -> None:
        """Answer as the API does when too many photos wait."""
        self._is_busy = True

    def handle(self, proxy: Proxy) -> None:
        """Do with a request what is to be done now."""
        self.requests.append(proxy.path)
        if proxy.path.startswith("/graphql"):
            self._is_open.wait(TIMEOUT_SECONDS)
            if self._is_gone:
                proxy.close_connection = True
                return
            if self._answer or self._is_busy:
                proxy.rfile.read(int(proxy.headers.get("Content-Length") or 0))
                status = self._answer or 200
                body = json.dumps(BUSY).encode() if self._is_busy else b"not the server"
                proxy.send(status, [("Content-Type", "application/json")], body)
                return
        upstream = http.client.HTTPConnection(LOOPBACK, self.upstream_port, TIMEOUT_SECONDS)
        if self._is_silent and proxy.path.startswith("/graphql"):
            proxy.wfile = io.BytesIO()
            proxy.close_connection = True
        proxy.pass_on(upstream, proxy.path, {})


@contextmanager
def gate_before(site_url: str) -> Iterator[Gate]:
    """Open a gate on a free port."""
    gate = Gate(site_url)

    class GateProxy(Proxy):
        def answer(self) -> None:
            try:
                gate.handle(self)
            except ConnectionError:
                self.close_connection = True  # the browser cancelled the request

    server = ThreadingHTTPServer((LOOPBACK, 0), GateProxy)
    server.daemon_threads = True
    gate.url = f"http://{LOOPBACK}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        gate.open()
        server.shutdown()
        server.server_close()
        thread.join()
