"""A proxy by which programs find hosts on this machine that the network knows elsewhere, or not."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness.ports import HOST

CHUNK_BYTES = 65_536


@contextmanager
def tunnel_to(ports: Mapping[str, int]) -> Iterator[str]:
    """Serve HTTPS_PROXY for these hosts, each on its port here, and yield its address."""

    class Tunnel(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            """Pump bytes both ways until one side has no more."""
            host = self.path.partition(":")[0]
            with socket.create_connection((HOST, ports[host])) as upstream:
                self.send_response_only(200)
                self.end_headers()
                back = threading.Thread(target=_pump, args=(upstream, self.connection), daemon=True)
                back.start()
                _pump(self.connection, upstream)
                back.join()
            self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Tunnel)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while chunk := source.recv(CHUNK_BYTES):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other side has gone, and with it whoever wanted the rest
