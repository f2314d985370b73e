"""What can be done with an account, from registering it to deleting it."""

from datetime import timedelta

from axes.helpers import get_cool_off
from axes.utils import reset as forget_attempts
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from server.accounts import throttle
from server.accounts.client_address import client_address
from server.accounts.emails import send_password_reset
from server.accounts.errors import (
    CredentialsInvalid,
    EmailInvalid,
    EmailTaken,
    NewPasswordRejected,
    PasswordIncorrect,
    PasswordRejected,
    ResetTokenInvalid,
    TooManyAttempts,
    TriesSpent,
)
from server.accounts.known_browser import remember
from server.accounts.models import User
from server.accounts.password_backend import forget_tries
from server.accounts.password_hashing import hashing_turn
from server.accounts.sessions import end_sessions
from server.accounts.throttle import Limit

MAX_EMAIL_LENGTH = 254  # characters, as the column has
MAX_PASSWORD_LENGTH = 1_000  # characters; hashing more would be a way to keep the server busy
RESET_REQUESTS_FROM_ADDRESS = Limit("reset requests", 20, timedelta(hours=1))
RESET_CODES_TO_ACCOUNT = Limit("reset codes", 3, timedelta(hours=1))  # each works for an hour


def register(request: HttpRequest, *, email: str, password: str) -> User:
    """Create an account and log it in.

    Raises:
        EmailInvalid: the address has no form of an address.
        PasswordRejected: a validator refuses the password.
        TriesSpent: too many accounts were made from the client's network address.
        EmailTaken: the address has an account.
    """
    user = User(email=_checked_email(email))
    _check_new_password(user, password)
    throttle.take(_registrations_from_address(), client_address(request))
    _set_password(user, password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise EmailTaken from error
    user.refresh_from_db()
    _log_in(request, user)
    return user


def log_in(request: HttpRequest, *, email: str, password: str) -> User:
    """Start a session for the account.

    Raises:
        TooManyAttempts: too many wrong passwords for this address came from this client.
        CredentialsInvalid: no active account has this e-mail and password.
    """
    username = User.objects.normalize_email(email)
    if "\x00" in username or len(username) > MAX_EMAIL_LENGTH:
        raise CredentialsInvalid  # no account is called so, and axes could not store it
    user = _authenticate(request, username, password)
    if user is None:
        raise CredentialsInvalid
    _log_in(request, user)
    return user


def log_out(request: HttpRequest) -> None:
    """End the session and forget what it held."""
    logout(request)


def change_password(
    request: HttpRequest, user: User, *, current_password: str, new_password: str
) -> None:
    """Change the password; this session stays, every other one ends.

    Raises:
        TooManyAttempts: the current password was guessed at too often.
        PasswordIncorrect: the current password is wrong.
        NewPasswordRejected: a validator refuses the new password.
    """
    _require_password(request, user, current_password)
    _check_new_password(user, new_password, NewPasswordRejected)
    _set_password(user, new_password)
    user.save(update_fields=["password"])
    end_sessions(user.pk)
    update_session_auth_hash(request, user)


def request_password_reset(request: HttpRequest, *, email: str) -> None:
    """Send a reset code, if the address has an account; the caller can't tell whether it has.

    Neither by the answer nor by its time: an account costs no query more than none, and the e-mail
    is written and sent after the answer. For one that was sent several the answer stays the same.

    Raises:
        EmailInvalid: the address has no form of an address.
        TriesSpent: too many codes were asked for from the client's network address.
    """
    address = _checked_email(email)
    throttle.take(RESET_REQUESTS_FROM_ADDRESS, client_address(request))
    user = User.objects.filter(email=address, is_active=True).first()
    try:
        throttle.take(RESET_CODES_TO_ACCOUNT, address)
    except TriesSpent:
        return  # the codes that were sent still work
    if user is not None:
        send_password_reset(user)


def reset_password(request: HttpRequest, *, reset_token: str, new_password: str) -> None:
    """Set a new password by the code from the e-mail; every session ends, and so does a lock.

    Raises:
        ResetTokenInvalid: the code is wrong, used or expired.
        NewPasswordRejected: a validator refuses the new password.
    """
    identity, _, token = reset_token.strip().partition(".")
    user = _user_of_reset(identity)
    if user is None or not default_token_generator.check_token(user, token):
        raise ResetTokenInvalid
    _check_new_password(user, new_password, NewPasswordRejected)
    _set_password(user, new_password)
    user.save(update_fields=["password"])
    end_sessions(user.pk)
    _forget_wrong_passwords(user)
    remember(request, user.email)


def delete_account(request: HttpRequest, user: User, *, password: str) -> None:
    """Delete the account with everything that is its own, and end the session.

    Raises:
        TooManyAttempts: the password was guessed at too often.
        PasswordIncorrect: the password is wrong.
    """
    _require_password(request, user, password)
    with transaction.atomic():
        # Whoever stores something of the account meanwhile is made to wait, and finds it gone.
        User.objects.select_for_update().filter(pk=user.pk).first()
        logout(request)
        _forget_wrong_passwords(user)
        user.delete()


def _checked_email(email: str) -> str:
    address = User.objects.normalize_email(email)
    try:
        validate_email(address)
        User(email=address).clean_fields(exclude={"password"})
    except ValidationError as error:
        raise EmailInvalid from error
    return address


def _registrations_from_address() -> Limit:
    return Limit("registrations", settings.REGISTRATIONS_PER_HOUR, timedelta(hours=1))


def _check_new_password(
    user: User, password: str, rejection: type[PasswordRejected] = PasswordRejected
) -> None:
    if len(password) > MAX_PASSWORD_LENGTH:
        sentence = f"This password is too long. It may have {MAX_PASSWORD_LENGTH} characters."
        raise rejection([sentence])
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise rejection(list(error.messages)) from error


def _set_password(user: User, password: str) -> None:
    with hashing_turn():
        user.set_password(password)


def _require_password(request: HttpRequest, user: User, password: str) -> None:
    """Ask for the password again, under the same protection against guessing as logging in."""
    if _authenticate(request, user.email, password) != user:
        raise PasswordIncorrect


def _authenticate(request: HttpRequest, username: str, password: str) -> User | None:
    """Return the user whose e-mail and password these are; None where they are nobody's.

    Raises:
        TooManyAttempts: too many were wrong, for this account or from this client.
        TooManyLogins: too many passwords are waiting to be hashed.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        return None
    # The backends say it on the request, where another mutation of the document may have left it.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    request.password_refused_for = None  # type: ignore[attr-defined]
    user = authenticate(request, username=username, password=password)
    if user is None and request.password_refused_for is not None:  # type: ignore[attr-defined]
        raise TooManyAttempts(request.password_refused_for)  # type: ignore[attr-defined]
    if user is None and request.axes_locked_out:  # type: ignore[attr-defined]
        raise _too_many_attempts()
    return user if isinstance(user, User) else None


def _forget_wrong_passwords(user: User) -> None:
    forget_attempts(username=user.email)
    forget_tries(user.email)


def _log_in(request: HttpRequest, user: User) -> None:
    # Django keeps the key of a session in which the same user logs in again; a copy would live on.
    request.session.flush()
    login(request, user, backend="server.accounts.password_backend.PasswordBackend")
    remember(request, user.email)


def _user_of_reset(identity: str) -> User | None:
    try:
        primary_key = int(force_str(urlsafe_base64_decode(identity)))
    except (ValueError, OverflowError):
        return None
    return User.objects.filter(pk=primary_key, is_active=True).first()


def _too_many_attempts() -> TooManyAttempts:
    cool_off = get_cool_off()
    assert cool_off is not None, settings.AXES_COOLOFF_TIME  # noqa: S101 - a setting of ours
    return TooManyAttempts(cool_off)
