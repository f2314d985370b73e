"""Who makes a request.

A bearer header is the only identity of its request: if its token is wrong the request is refused,
and never taken for the user of a cookie that came along.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from server.accounts.errors import TokenRejected
from server.accounts.models import ApiToken, Scope, User
from server.accounts.tokens import authenticate_token
from server.observability.request_facts import facts


@dataclass(frozen=True)
class Identity:
    """The user of a request, and the token where one was used; nobody when anonymous."""

    user: User | None = None
    token: ApiToken | None = None

    def may(self, scope: Scope) -> bool:
        """Return whether the request is allowed what the scope names; a session may everything."""
        return self.token is None or scope in self.token.scopes


def identify(request: HttpRequest) -> Identity:
    """Return who makes the request.

    Raises:
        TokenRejected: an Authorization header is there, and no valid bearer token in it.
    """
    identity = _identity(request)
    facts().user_id = identity.user.pk if identity.user else None
    return identity


def session_user(request: HttpRequest) -> User | None:
    """Return the user of the request's session as it is now; None when anonymous."""
    return request.user if isinstance(request.user, User) else None


def _identity(request: HttpRequest) -> Identity:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        if scheme.lower() != "bearer":
            raise TokenRejected
        token = authenticate_token(secret.strip())
        return Identity(token.user, token)
    return Identity(session_user(request))
