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
    header = authorization(request)
    if header is None:
        user = session_user(request)
        facts().user_id = user.pk if user else None
        return Identity(user)
    return identity_of(authenticate_token(bearer_secret(header)))


def authorization(request: HttpRequest) -> str | None:
    """Return the Authorization header; None where it is empty, as clients without a token send."""
    return request.META.get("HTTP_AUTHORIZATION", "").strip() or None


def bearer_secret(header: str) -> str:
    """Return the secret in an Authorization header.

    Raises:
        TokenRejected: it is of another scheme.
    """
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRejected
    return secret.strip()


def identity_of(token: ApiToken) -> Identity:
    """Return who makes a request that came with a token."""
    facts().user_id = token.user_id
    return Identity(token.user, token)


def session_user(request: HttpRequest) -> User | None:
    """Return the user of the request's session as it is now; None when anonymous."""
    return request.user if isinstance(request.user, User) else None
