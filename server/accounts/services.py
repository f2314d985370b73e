"""What can be done with an account, from registering it to deleting it."""

import logging
from smtplib import SMTPException

from axes.helpers import get_cool_off
from axes.utils import reset as forget_wrong_passwords
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

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
)
from server.accounts.models import User

MAX_EMAIL_LENGTH = 254  # characters, as the column has
MAX_PASSWORD_LENGTH = 1_000  # characters; hashing more would be a way to keep the server busy

logger = logging.getLogger(__name__)


def register(request: HttpRequest, *, email: str, password: str) -> User:
    """Create an account and log it in.

    Raises:
        EmailInvalid: the address has no form of an address.
        PasswordRejected: a validator refuses the password.
        EmailTaken: the address has an account.
    """
    user = User(email=_checked_email(email))
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
    login(request, user)
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
    _set_password(user, new_password, NewPasswordRejected)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def request_password_reset(*, email: str) -> None:
    """Send a reset code, if the address has an account; the caller can't tell whether it has.

    Raises:
        EmailInvalid: the address has no form of an address.
    """
    user = User.objects.filter(email=_checked_email(email), is_active=True).first()
    if user is not None:
        identity = urlsafe_base64_encode(force_bytes(user.pk))
        try:
            send_password_reset(user, f"{identity}.{default_token_generator.make_token(user)}")
        except (SMTPException, OSError):
            # An error would tell the caller that the address has an account.
            logger.exception("A reset code could not be sent.")


def reset_password(*, reset_token: str, new_password: str) -> None:
    """Set a new password by the code from the e-mail; every session ends, and so does a lock.

    Raises:
        ResetTokenInvalid: the code is wrong, used or expired.
        NewPasswordRejected: a validator refuses the new password.
    """
    identity, _, token = reset_token.strip().partition(".")
    user = _user_of_reset(identity)
    if user is None or not default_token_generator.check_token(user, token):
        raise ResetTokenInvalid
    _set_password(user, new_password, NewPasswordRejected)
    user.save(update_fields=["password"])
    forget_wrong_passwords(username=user.email)


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
        forget_wrong_passwords(username=user.email)
        user.delete()


def _checked_email(email: str) -> str:
    address = User.objects.normalize_email(email)
    try:
        validate_email(address)
        User(email=address).clean_fields(exclude={"password"})
    except ValidationError as error:
        raise EmailInvalid from error
    return address


def _set_password(
    user: User, password: str, rejection: type[PasswordRejected] = PasswordRejected
) -> None:
    if len(password) > MAX_PASSWORD_LENGTH:
        sentence = f"This password is too long. It may have {MAX_PASSWORD_LENGTH} characters."
        raise rejection([sentence])
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise rejection(list(error.messages)) from error
    user.set_password(password)


def _require_password(request: HttpRequest, user: User, password: str) -> None:
    """Ask for the password again, under the same protection against guessing as logging in."""
    if _authenticate(request, user.email, password) != user:
        raise PasswordIncorrect


def _authenticate(request: HttpRequest, username: str, password: str) -> User | None:
    """Return the user whose e-mail and password these are; None where they are nobody's.

    Raises:
        TooManyAttempts: too many wrong passwords for this address came from this client.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        return None
    # Axes says it on the request, where another mutation of the same document may have left it.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    user = authenticate(request, username=username, password=password)
    if user is None and request.axes_locked_out:  # type: ignore[attr-defined]
        raise _too_many_attempts()
    return user if isinstance(user, User) else None


def _log_in(request: HttpRequest, user: User) -> None:
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")


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
