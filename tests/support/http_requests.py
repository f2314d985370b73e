"""Requests as bytes, to be answered by the server within the test process."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.test import Client


def send(
    method: str,
    body: bytes = b"",
    *,
    content_type: str | None = "application/json",
    headers: Mapping[str, str] | None = None,
    enforce_csrf: bool = True,
    query: str = "",
    length: str | None = None,
    path: str = "/graphql",
) -> HttpResponse:
    """Send a request without a session to `/graphql`; its length is told as it is, unless given."""
    client = Client(enforce_csrf_checks=enforce_csrf, raise_request_exception=False)
    return client.generic(
        method,
        path,
        body,
        headers=headers,
        # The test client leaves these out where the body is empty.
        CONTENT_LENGTH=str(len(body)) if length is None else length,
        CONTENT_TYPE=content_type or "",
        QUERY_STRING=query,
    )
