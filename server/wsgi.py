"""The WSGI application that gunicorn serves."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters

from server import environment

if TYPE_CHECKING:
    from server.api.http.page_requests import PageRequest, PageRequests

environment.choose_settings()


class TextRequest(WSGIRequest):
    """A request whose text is UTF-8 without NUL, whatever its headers claim.

    Django decodes addresses in the charset that the Content-Type names before any middleware runs,
    and `hex`, which Python knows as a codec, fails there. A NUL is nothing PostgreSQL can look up.
    """

    def _set_content_type_params(self, meta: dict[str, str]) -> None:
        parsed = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = parsed

    @cached_property
    def COOKIES(self) -> dict[str, str]:  # type: ignore[override] # noqa: N802 - Django's name
        """The cookies, without those that hold a NUL."""
        return {name: value for name, value in super().COOKIES.items() if "\x00" not in value}


django_application = get_wsgi_application()
django_application.request_class = TextRequest


class Application:
    """The WSGI application, and a way around it for what a single statement answers."""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        return _page_requests()(environ, start_response)

    def begun(self, environ: dict[str, Any], body: bytes) -> "PageRequest | None":
        """Return a request that waits for what its statement finds; None where it is another."""
        return _page_requests().begun(environ, body)


application = Application()


@cache
def _page_requests() -> "PageRequests":
    # Not before the first request: a server is alive before the schema is imported.
    from server.api.http.page_requests import PageRequests

    return PageRequests(django_application, TextRequest)
