"""Django as a plain WSGI application: behind the front (`server.asgi`), or on any other host."""

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters

from server import environment
from server.postgres.patience import limit_waits

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


application = get_wsgi_application()
application.request_class = TextRequest
limit_waits(settings.DATABASE_PATIENCE_SECONDS)
