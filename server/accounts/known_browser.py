"""Browsers that an account has been used in, told by a cookie that nobody else can make.

Wrong passwords for an account are limited however many addresses they come from. By itself that
would let a stranger lock the owner out. So a browser in which the account was logged in to, or its
password set by e-mail, has tries of its own: "device cookies",
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies

The cookie holds a random number, a time and a signature over both for one account and its password.
It logs nobody in, and says nothing about whom it is for. With another password it is worth nothing:
whoever knew the last one may have collected many, each with its tries.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from server.accounts.models import User

COOKIE_NAME = "known_browser"
MAX_AGE = timedelta(days=365)
NONCE_CHARACTERS = 22  # of 62: more than 128 bits


class KnownBrowserMiddleware:
    """Gives the cookie to a browser that an account has just been used in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and set the cookie where `remember` was called meanwhile."""
        response = self._get_response(request)
        cookie = getattr(request, "new_known_browser", None)
        if cookie is not None:
            response.set_cookie(
                COOKIE_NAME,
                cookie,
                max_age=MAX_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def remember(request: HttpRequest, user: User) -> None:
    """Have the browser that sends the request known to the account from now on."""
    cookie = _signer(user).sign(get_random_string(NONCE_CHARACTERS))
    request.new_known_browser = cookie  # type: ignore[attr-defined]


def known_browser(request: HttpRequest, user: User) -> str | None:
    """Return what tells this browser from others the account knows; None where it knows it not."""
    cookie = request.COOKIES.get(COOKIE_NAME, "")
    try:
        return str(_signer(user).unsign(cookie, max_age=MAX_AGE))
    except BadSignature:
        return None


def _signer(user: User) -> TimestampSigner:
    return TimestampSigner(salt=f"{__name__}:{user.pk}:{user.password}")
