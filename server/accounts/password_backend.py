"""Logging in by e-mail and password, however many addresses and accounts are guessed at.

django-axes stands before this: five wrong passwords of an account from one address lock both
together for a quarter of an hour. Whoever has many addresses is met here by the tries of an
account, and whoever has many accounts by those of an address. A browser that the account knows has
tries of its own, and so is locked out by no stranger; neither is anybody who can read the account's
e-mail, since a reset begins all anew.

Every password is asked for here: the mutations that take one, and the login of the admin.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from server.accounts.client_address import client_address
from server.accounts.errors import TriesSpent
from server.accounts.known_browser import known_browser
from server.accounts.models import User
from server.accounts.password_hashing import hashing_turn
from server.accounts.throttle import Limit, forget, give_back, take

# Beyond what axes lets through from one address in an hour (20), so that it takes several to lock
# an account for browsers it does not know; 720 guesses a day are too few to find a password that
# the validators let pass.
OF_ACCOUNT = Limit("wrong passwords of an account", 30, timedelta(hours=1))
OF_KNOWN_BROWSER = Limit("wrong passwords in a known browser", 30, timedelta(hours=1))
# Many people may share an address, and few of them mistype at once.
FROM_ADDRESS = Limit("wrong passwords from an address", 100, timedelta(hours=1))


class PasswordBackend(ModelBackend):
    """Checks passwords, and refuses to where too many were wrong."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,  # noqa: ANN401 - Django's own signature
    ) -> User | None:
        """Return the user whose e-mail and password these are; None where they are nobody's.

        A refusal stops all backends, as Django has it, and leaves its duration on the request.

        Raises:
            PermissionDenied: too many passwords were wrong.
            TooManyLogins: too many passwords are waiting to be hashed.
        """
        if request is None or username is None or password is None:
            return None
        tries = _tries(request, User.objects.normalize_email(username))
        _take_all(request, tries)
        is_wrong = False
        try:
            with hashing_turn():
                user = super().authenticate(request, username, password, **credentials)
            is_wrong = user is None
        finally:
            if not is_wrong:
                _give_back(tries)
        return user if isinstance(user, User) else None


def forget_tries(email: str) -> None:
    """Let browsers that the account does not know begin anew."""
    forget(OF_ACCOUNT, email)


def _tries(request: HttpRequest, email: str) -> list[tuple[Limit, str]]:
    browser = known_browser(request, email)
    if browser is not None:
        return [(OF_KNOWN_BROWSER, f"{email} {browser}")]
    # The address first: one that is refused must not use up the tries of further accounts.
    return [(FROM_ADDRESS, client_address(request)), (OF_ACCOUNT, email)]


def _take_all(request: HttpRequest, tries: list[tuple[Limit, str]]) -> None:
    for number, (limit, subject) in enumerate(tries):
        try:
            take(limit, subject)
        except TriesSpent as error:
            _give_back(tries[:number])
            request.password_refused_for = error.retry_after  # type: ignore[attr-defined]
            raise PermissionDenied from error


def _give_back(tries: list[tuple[Limit, str]]) -> None:
    for limit, subject in tries:
        give_back(limit, subject)
