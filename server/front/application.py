"""The layers, one around the other: a request goes through them from the bottom to the top."""

from django.conf import settings

from server.front.asked_first import AskedFirst
from server.front.connections import Attended
from server.front.django import Django, Handler
from server.front.lifespan import Lifespan, Model
from server.front.liveness import Liveness
from server.front.messages import Application
from server.front.pages import Pages
from server.front.predicting import Predicting
from server.front.receiving import Receiving


def front(handler: Handler) -> Application:
    """Return the ASGI application before a WSGI handler of Django's."""
    django, pages = Django(handler), Pages()
    app: Application = AskedFirst(django, pages, Predicting(django))
    app = Receiving(app, settings.MAX_REQUEST_BYTES)
    app = Liveness(app)
    app = Attended(app)
    return Lifespan(app, [Model(), django, pages])
