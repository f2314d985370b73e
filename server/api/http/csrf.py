"""Protection against requests that another site makes a browser send.

A browser adds the session cookie by itself, so every request that carries one needs the CSRF token.
A request without one has no rights to abuse, except that logging in would leave the victim in
somebody else's session; that takes a media type which a browser sends to another origin unasked, so
those need the token too. A bearer header is never added by a browser: it needs no token.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from server.accounts.identity import authorization
from server.api.http.errors import RequestRefused


class _Check(CsrfViewMiddleware):
    """Django's check, telling the reason instead of answering with a page."""

    def _reject(self, _request: HttpRequest, reason: str) -> str:
        return reason


def check_csrf(request: HttpRequest) -> None:
    """Refuse what another site may have made the browser send.

    Raises:
        RequestRefused: the token is missing or wrong, or the origin is not ours.
    """
    if request.method == "GET" or authorization(request) is not None:
        return
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    if not has_session and request.content_type == "application/json":
        return
    check = _Check(_no_response)
    check.process_request(request)
    reason = check.process_view(request, _no_response, (), {})
    if reason is not None:
        raise RequestRefused(
            403,
            f"{reason} Send the cookie `{settings.CSRF_COOKIE_NAME}` again as X-CSRFToken.",
            code="FORBIDDEN",
        )


def _no_response(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
