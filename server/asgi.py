"""The ASGI application that gunicorn serves: the front, and Django behind it."""

from server import wsgi  # first: it makes Django's models ready
from server.front.application import front

application = front(wsgi.application)
