"""Logging in by e-mail and password, however many addresses and accounts are guessed at.

Wrong passwords are counted where they come from. A session of the account has tries of its own, and
so has each browser that the account knows: no stranger uses them up, whatever he does. Everybody
else has few for an account from an address, some for an account from anywhere, and some from an
address for whatever accounts. Whoever can read the account's e-mail is never locked out for long,
since a reset begins anew.

Every password is asked for here: the mutations that take one, and the login of the admin.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from server.accounts.address_limits import AddressLimit, tries_from_address
from server.accounts.errors import TriesSpent
from server.accounts.identity import session_user
from server.accounts.known_browser import known_browser
from server.accounts.models import User
from server.accounts.password_hashing import hashing_turn
from server.accounts.throttle import Limit, Try, forget, give_back, take_all

IN_SESSION = Limit("wrong passwords in a session", 30, timedelta(hours=1))
OF_KNOWN_BROWSER = Limit("wrong passwords in a known browser", 30, timedelta(hours=1))
# Many people may share an address, and few of them mistype at once.
FROM_ADDRESS = AddressLimit(
    Limit("wrong passwords from an address", 100, timedelta(hours=1)),
    Limit("wrong passwords from a shared address", 1000, timedelta(hours=1)),
)
# What one client tries in any hour (25, for windows may overlap it) leaves something to those it
# shares an address with, and what they try in any hour (50) to those elsewhere.
OF_ACCOUNT_FROM_ADDRESS = AddressLimit(
    Limit("wrong passwords of an account from an address", 5, timedelta(minutes=15)),
    Limit("wrong passwords of an account from a shared address", 25, timedelta(hours=1)),
)
# 1,440 guesses a day are too few to find a password that the validators let pass.
OF_ACCOUNT = Limit("wrong passwords of an account", 60, timedelta(hours=1))

# Whoever knows the password begins anew; the others are other people's too.
_FORGOTTEN_BY_SUCCESS = frozenset({IN_SESSION, OF_KNOWN_BROWSER, OF_ACCOUNT_FROM_ADDRESS.of_client})


class PasswordBackend(ModelBackend):
    """Checks passwords, and refuses to where too many were wrong."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_credentials: Any,  # noqa: ANN401 - Django's own signature
    ) -> User | None:
        """Return the user whose e-mail and password these are; None where they are nobody's.

        A refusal stops all backends, as Django has it, and leaves its duration on the request.

        Raises:
            PermissionDenied: too many passwords were wrong.
            TooManyLogins: too many passwords are waiting to be hashed.
        """
        if request is None or username is None or password is None:
            return None
        user = User.objects.with_address(username)
        tries = _tries(request, User.objects.normalize_email(username), user)
        try:
            take_all(tries)
        except TriesSpent as error:
            request.password_refused_for = error.retry_after  # type: ignore[attr-defined]
            raise PermissionDenied from error
        try:
            with hashing_turn():
                # Somebody who is not there has no password, and to find that out takes as long.
                is_right = (user or User()).check_password(password)
        except BaseException:
            _give_back(tries)
            raise
        if user is None or not is_right or not self.user_can_authenticate(user):
            return None
        _give_back(tries, but_forget=_FORGOTTEN_BY_SUCCESS)
        return user


def forget_tries(request: HttpRequest, email: str) -> None:
    """Let browsers that the account does not know begin anew, this one's address among them."""
    name = User.objects.normalize_email(email)
    for limit, subject in _of_account(request, name):
        forget(limit, subject)


def _tries(request: HttpRequest, email: str, user: User | None) -> list[Try]:
    if user is not None:
        if session_user(request) == user:
            return [(IN_SESSION, f"{user.pk} {request.session.session_key}")]
        browser = known_browser(request, user)
        if browser is not None:
            return [(OF_KNOWN_BROWSER, f"{user.pk} {browser}")]
    # The address first: one that is refused must not use up the tries of further accounts.
    return [*tries_from_address(request, FROM_ADDRESS), *_of_account(request, email)]


def _of_account(request: HttpRequest, email: str) -> list[Try]:
    return [*tries_from_address(request, OF_ACCOUNT_FROM_ADDRESS, email), (OF_ACCOUNT, email)]


def _give_back(tries: list[Try], *, but_forget: frozenset[Limit] = frozenset()) -> None:
    for limit, subject in tries:
        if limit in but_forget:
            forget(limit, subject)
        else:
            give_back(limit, subject)
