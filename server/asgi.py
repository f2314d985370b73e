"""The ASGI application that gunicorn serves: the front, and Django behind it."""

from server.front.application import front
from server.front.asked_first import Answering
from server.wsgi import application as django


def _pages() -> Answering:
    from server.front.pages import Pages  # it imports models, which the line above has made ready

    return Pages()


application = front(django, _pages())
