"""The layers, one around the other: a request goes through them from the bottom to the top."""

from django.conf import settings

from server.front.asked_first import Answering, AskedFirst
from server.front.connections import Attended
from server.front.django import Django, Handler
from server.front.lifespan import Lifespan, Model, Part
from server.front.liveness import Liveness
from server.front.messages import Application
from server.front.receiving import Receiving


def front(handler: Handler, answering: Answering | None = None) -> Application:
    """Return the ASGI application before a WSGI handler, and before what answers without it."""
    django = Django(handler)
    parts: list[Part] = [Model(), django, *([answering] if answering else [])]

    app: Application = django
    if answering is not None:
        app = AskedFirst(app, answering)
    app = Receiving(app, settings.MAX_REQUEST_BYTES)
    app = Liveness(app)
    app = Attended(app)
    return Lifespan(app, parts)
