"""Somebody who visits a site under its name, though it is on this machine."""

import json
import ssl
from pathlib import Path
from typing import Any

import httpx

from harness.ports import HOST

PREDICT = """mutation ($input: PredictInput!) { predict(input: $input) {
  prediction { id label confidence image { url } } errors { code } } }"""


class ToThisMachine(httpx.HTTPTransport):
    """Connects to a port of this machine for whatever host, and believes one certificate."""

    def __init__(self, port: int, certificate: Path) -> None:
        super().__init__(verify=ssl.create_default_context(cafile=str(certificate)))
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; its `Host` stays the one of the address that was asked for."""
        here = httpx.Request(  # another one: the cookies stay those of the first one's host
            request.method,
            request.url.copy_with(host=HOST, port=self.port),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions | {"sni_hostname": request.url.host},
        )
        return super().handle_request(here)


class Visitor:
    """A browser without a screen: keeps cookies, tells its origin, repeats the CSRF cookie."""

    def __init__(self, host: str, port: int, certificate: Path) -> None:
        self.origin = f"https://{host}"
        self._transport = ToThisMachine(port, certificate)
        self.http = httpx.Client(base_url=self.origin, transport=self._transport, timeout=60)

    def at(self, port: int) -> "Visitor":
        """Come to another port from now on, with the same cookies."""
        self._transport.port = port
        return self

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open an address; header names with underscores."""
        return self.http.get(path, headers=_named(headers))

    def execute(self, document: str, variables: object = None, **headers: str) -> httpx.Response:
        """Send a GraphQL document as a browser would."""
        body = {"query": document, "variables": variables}
        return self.http.post("/graphql", json=body, headers=self._proof() | _named(headers))

    def data(self, document: str, variables: object = None, **headers: str) -> Any:  # noqa: ANN401 - whatever was selected
        """Return the data of an answer without errors."""
        answer = self.execute(document, variables, **headers).json()
        if "errors" in answer:
            raise ValueError(answer["errors"])
        return answer["data"]

    def predict(self, photo: bytes, *, key: str | None = None, **headers: str) -> httpx.Response:
        """Send a photo as a file, with a key where it may be sent again."""
        variables = {"input": {"image": {"upload": None}, "idempotencyKey": key}}
        return self.http.post(
            "/graphql",
            data={
                "operations": json.dumps({"query": PREDICT, "variables": variables}),
                "map": json.dumps({"photo": ["variables.input.image.upload"]}),
            },
            files={"photo": ("photo.png", photo, "image/png")},
            headers=self._proof() | _named(headers),
        )

    def _proof(self) -> dict[str, str]:
        token = next((c.value for c in self.http.cookies.jar if c.name == "csrftoken"), None)
        return {"Origin": self.origin} | ({"X-CSRFToken": token} if token else {})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
