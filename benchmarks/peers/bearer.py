"""The user of a request, by the bearer token, as Telltale itself looks it up."""

from django.http import HttpRequest

from server.accounts.models import User
from server.accounts.tokens import authenticate_token


def user_of(request: HttpRequest) -> User:
    """Return the user of the token; raises `TokenRejected`."""
    return authenticate_token(request.headers["Authorization"].removeprefix("Bearer ")).user
