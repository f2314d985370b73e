"""What stands before the server: a proxy that ends TLS, and Render's way of being one.

What Render does to the headers was seen on a service
there (https://github.com/arcjet/arcjet-js/issues/5411): three addresses are appended to
`X-Forwarded-For`, whatever the client has written before them.
"""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness.ports import HOST

CLOUDFLARE, RENDER = "172.70.247.28", "10.19.6.53"
OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
TIMEOUT_SECONDS = 60


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], certificate: Path) -> Iterator[int]:
    """Answer https on a free port of this machine with `handler`, and yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer((HOST, 0), handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Proxy(BaseHTTPRequestHandler):
    """Passes requests on; what they get on the way is a subclass's."""

    protocol_version = "HTTP/1.1"
    # An answer leaves in two pieces; the second would wait 40 ms for word of the first.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Pass the request on."""
        self.answer()

    do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - named by http.server

    def answer(self) -> None:
        """Answer the request."""
        raise NotImplementedError

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the server's own log is what is looked at."""

    def pass_on(
        self, upstream: http.client.HTTPConnection, target: str, set_headers: dict[str, str]
    ) -> None:
        """Send the request to `upstream` and its answer back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in OF_ONE_HOP and name not in set_headers:
                upstream.putheader(name, value)
        for name, value in (set_headers | {"Content-Length": str(len(body))}).items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        headers = [item for item in answer.getheaders() if item[0].lower() not in OF_ONE_HOP]
        upstream.close()
        self.send(answer.status, headers, content)

    def send(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        """Send an answer."""
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def render_proxy(server_port: int) -> type[Proxy]:
    """Return what ends TLS before a server on `server_port`, as Render does."""

    class RenderProxy(Proxy):
        def answer(self) -> None:
            claimed = self.headers.get("X-Forwarded-For")
            way = ", ".join(filter(None, [claimed, self.client_address[0], CLOUDFLARE, RENDER]))
            self.pass_on(
                http.client.HTTPConnection(HOST, server_port, timeout=TIMEOUT_SECONDS),
                self.path,
                {"X-Forwarded-For": way, "X-Forwarded-Proto": "https"},
            )

    return RenderProxy
