"""Requests to a running site on one kept connection, and what came back."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from harness.ports import HOST

TIMEOUT_SECONDS = 60
JSON = "application/json"
# What the platform's proxy adds: without it production redirects to https.
OF_THE_PROXY = {"X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Reply:
    """An answer of the server."""

    status: int
    media_type: str
    body: bytes
    cookies: dict[str, str]

    def json(self) -> Any:  # noqa: ANN401 - whatever was selected
        """Return the decoded body; raises `ValueError` where it is no JSON."""
        return json.loads(self.body)


class Connection:
    """A kept connection to the site, of one thread."""

    def __init__(
        self, port: int, token: str | None = None, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._http = http.client.HTTPConnection(HOST, port, timeout=timeout_seconds)
        self._headers = {**OF_THE_PROXY, "Accept": JSON}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._http.close()

    def post(
        self, body: bytes, media_type: str = JSON, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a body to `/graphql`; raises `OSError` or `HTTPException` where the line breaks."""
        try:
            self._http.request(
                "POST",
                "/graphql",
                body,
                {**self._headers, "Content-Type": media_type, **(headers or {})},
            )
            answer = self._http.getresponse()
            cookies = SimpleCookie()
            for value in answer.headers.get_all("Set-Cookie") or ():
                cookies.load(value)
            return Reply(
                answer.status,
                answer.headers.get_content_type(),
                answer.read(),
                {name: morsel.value for name, morsel in cookies.items()},
            )
        except (OSError, http.client.HTTPException):
            self._http.close()
            raise

    def execute(
        self, document: str, variables: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a GraphQL document as JSON."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        return self.post(body, headers=headers)
