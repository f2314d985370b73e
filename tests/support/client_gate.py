"""A gate before the API that can be held, shut and answered for, as networks and hosts do.

It stands where the browser comes to: before Render's proxy, or before Vercel.
"""

import io
import ssl
import threading

from harness.proxy import TIMEOUT_SECONDS, Proxy

API_PATHS = ("/graphql", "/predictions/")


class Gate:
    """Lets everything pass, unless told otherwise. Files of the client always pass."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self._answer: int | None = None
        self._is_gone = False
        self._is_silent = False
        self._is_open = threading.Event()
        self._is_open.set()

    def open(self) -> None:
        """Let everything pass, also what was held."""
        self._answer, self._is_gone, self._is_silent = None, False, False
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
        """Let requests pass, and hang up instead of answering."""
        self._is_silent = True

    def before(self, proxy: type[Proxy]) -> type[Proxy]:
        """Return the proxy with this gate before it."""
        gate = self

        class GatedProxy(proxy):  # type: ignore[valid-type,misc] # which one is told at run time
            def answer(self) -> None:
                try:
                    if gate._lets_pass(self):
                        super().answer()
                except (ConnectionError, ssl.SSLEOFError):
                    self.close_connection = True  # the browser cancelled the request

        return GatedProxy

    def _lets_pass(self, proxy: Proxy) -> bool:
        if not proxy.path.startswith(API_PATHS):
            return True
        self.requests.append(proxy.path)
        # A browser asks another origin for permission first: that is no request of anybody's yet.
        if proxy.command != "OPTIONS":
            self._is_open.wait(TIMEOUT_SECONDS)
        if self._is_gone:
            proxy.close_connection = True
            return False
        if self._answer:
            proxy.rfile.read(int(proxy.headers.get("Content-Length") or 0))
            proxy.send(self._answer, [("Content-Type", "text/plain")], b"not the server")
            return False
        if self._is_silent and proxy.command != "OPTIONS":
            proxy.wfile = io.BytesIO()
            proxy.close_connection = True
        return True
