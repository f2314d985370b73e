"""The layer that asks whatever answers a request without all of Django, as long as it may.

What Django would have done around the answer is done there as well: by what stands in
`KNOWN_MIDDLEWARE`. A middleware that does not may count, refuse or change every answer. It must
not be passed by, so with such a one everything is Django's.
"""

from typing import Protocol

from django.conf import settings

from server.front.lifespan import Part
from server.front.messages import (
    RECEIVED,
    Answer,
    Application,
    Message,
    Receive,
    Received,
    Send,
    send_answer,
)
from server.observability.instruments import PASSED_ON

KNOWN_MIDDLEWARE = frozenset(
    {
        "server.observability.middleware.ObservabilityMiddleware",
        "server.health.HealthMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "server.static_files.StaticFilesMiddleware",
        "corsheaders.middleware.CorsMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "server.accounts.known_browser.KnownBrowserMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    }
)


class Answering(Part, Protocol):
    """What may answer a request without all of Django."""

    async def answer(self, request: Received) -> Answer | None:
        """Answer a request; None gives it to Django."""


class AskedFirst:
    """Asks one after the other, and passes on what none of them answers."""

    def __init__(self, app: Application, *answering: Answering) -> None:
        self._app = app
        self._answering = answering
        self._unknown = set(settings.MIDDLEWARE) - KNOWN_MIDDLEWARE

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if self._unknown:
            PASSED_ON.labels("middleware").inc()
        else:
            for each in self._answering:
                answer = await each.answer(scope[RECEIVED])
                if answer is not None:
                    await send_answer(send, answer, scope["method"])
                    return
        await self._app(scope, receive, send)
