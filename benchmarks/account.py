"""An account of a running site, and requests in its name on one kept connection."""

import http.client
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from benchmarks.production_site import HOST

TIMEOUT_SECONDS = 60
PASSWORD = "a lantern of nine herons"  # noqa: S105 - of an account that lives a minute
REGISTER = "mutation ($input: RegisterInput!) { register(input: $input) { errors { code } } }"
NEW_TOKEN = """mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) {
  secret errors { code } } }"""  # noqa: S105 - asks for one
PREDICT = """mutation ($input: PredictInput!) { predict(input: $input) {
  prediction { id label confidence image { sha256 } } errors { code message } } }"""
BOUNDARY = "telltale-benchmark-boundary"
JSON = "application/json"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
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


def new_token(port: int) -> str:
    """Register somebody and return the secret of a token that may read and predict."""
    connection = Connection(port)
    origin = {"Origin": f"https://{HOST}:{port}"}
    registration = {"email": f"{secrets.token_hex(8)}@example.org", "password": PASSWORD}
    cookies = connection.execute(REGISTER, {"input": registration}, origin).cookies
    in_session = {
        **origin,
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
    }
    wish = {"name": "bench", "scopes": ["READ", "PREDICT"]}
    answer = connection.execute(NEW_TOKEN, {"input": wish}, in_session)
    connection.close()
    return str(answer.json()["data"]["createApiToken"]["secret"])


def predict_body(
    image: bytes, idempotency_key: str | None = None, *, document: str = PREDICT
) -> bytes:
    """Return the multipart body of a `predict` with the image as a file."""
    wish = {"image": {"upload": None}, "idempotencyKey": idempotency_key}
    parts = {
        "operations": json.dumps({"query": document, "variables": {"input": wish}}),
        "map": json.dumps({"photo": ["variables.input.image.upload"]}),
    }
    return form_with_photo(parts, image)


def form_with_photo(parts: Mapping[str, str], image: bytes) -> bytes:
    """Return a multipart body of texts and of a file `photo`, in the form of `MULTIPART`."""
    fields = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    file = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="photo"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return b"".join([fields.encode(), file.encode(), image, f"\r\n--{BOUNDARY}--\r\n".encode()])
