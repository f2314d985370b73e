"""The ASGI application that gunicorn serves: the front, and Django behind it."""

from server.front.application import front
from server.wsgi import application as django

application = front(django)
