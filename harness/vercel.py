"""What Vercel does with a path, as far as vercel.json uses it.

A `source` is a regular expression in brackets among literal text, matched against the whole path;
a `destination` repeats its groups as $1. https://vercel.com/docs/project-configuration
"""

import http.client
import mimetypes
import re
import socket
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.ports import HOST
from harness.proxy import TIMEOUT_SECONDS, Proxy


class Vercel:
    """Reads a vercel.json."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        """Remember the rules; `ValueError` for one that this doesn't know how to imitate."""
        self._rewrites = configuration["rewrites"]
        self._headers = configuration["headers"]
        for rule in (*self._rewrites, *self._headers):
            # Named parts are matched otherwise, and conditions not at all.
            if ":" in rule["source"] or not set(rule) <= {"source", "destination", "headers"}:
                raise ValueError(rule)

    def destination(self, path: str) -> str | None:
        """Where a path that is no file is passed on to; None where nowhere."""
        for rule in self._rewrites:
            match = re.fullmatch(rule["source"], path)
            if match:
                return match.expand(rule["destination"].replace("$", "\\"))
        return None

    def headers(self, path: str) -> dict[str, str]:
        """The headers that are put on the answer."""
        return {
            header["key"]: header["value"]
            for rule in self._headers
            if re.fullmatch(rule["source"], path)
            for header in rule["headers"]
        }


def vercel_proxy(vercel: Vercel, client: Path, api_port: int, certificate: Path) -> type[Proxy]:
    """Return what serves `client` and passes the rest on to the API, as vercel.json says."""
    context = ssl.create_default_context(cafile=str(certificate))

    class VercelProxy(Proxy):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            file = client / (path.lstrip("/") or "index.html")
            if file.is_file():  # a file comes before every rewrite
                media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                headers = {"Content-Type": media_type, **vercel.headers(path)}
                self.send(200, list(headers.items()), file.read_bytes())
                return
            address = vercel.destination(path)
            if address is None:
                self.send(404, [("Content-Type", "text/plain")], b"NOT_FOUND")
                return
            api = urlsplit(address)
            upstream = http.client.HTTPConnection(HOST, api_port, timeout=TIMEOUT_SECONDS)
            plain = socket.create_connection((HOST, api_port), TIMEOUT_SECONDS)
            upstream.sock = context.wrap_socket(plain, server_hostname=api.hostname)
            target = f"{api.path}?{query}" if query else api.path
            # The host is the API's from here on; the origin stays the client's.
            forwarded = {"Host": api.netloc, "X-Forwarded-For": self.client_address[0]}
            self.pass_on(upstream, target, forwarded)

    return VercelProxy
