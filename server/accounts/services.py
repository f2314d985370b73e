"""What can be done with an account, from registering it to deleting it."""

from axes.helpers import get_cool_off
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
    PasswordIncorrect,
    PasswordRejected,
    ResetTokenInvalid,
    TooManyAttempts,
)
from server.accounts.models import User

MAX_PASSWORD_LENGTH = 1_000  # characters; hashing more would be a way to keep the server busy


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
    if "\x00" in username or len(password) > MAX_PASSWORD_LENGTH:
        raise CredentialsInvalid
    user = authenticate(request, username=username, password=password)
    if user is None:
        if getattr(request, "axes_locked_out", False):
            raise _too_many_attempts()
        raise CredentialsInvalid
    assert isinstance(user, User)  # noqa: S101 - narrows AUTH_USER_MODEL for the type checker
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
        PasswordRejected: a validator refuses the new password.
    """
    _require_password(request, user, current_password)
    _set_password(user, new_password)
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
        send_password_reset(user, f"{identity}.{default_token_generator.make_token(user)}")


def reset_password(*, reset_token: str, new_password: str) -> None:
    """Set a new password by the code from the e-mail; every session ends.

    Raises:
        ResetTokenInvalid: the code is wrong, used or expired.
        PasswordRejected: a validator refuses the new password.
    """
    identity, _, token = reset_token.strip().partition(".")
    user = _user_of_reset(identity)
    if user is None or not default_token_generator.check_token(user, token):
        raise ResetTokenInvalid
    _set_password(user, new_password)
    user.save(update_fields=["password"])


def delete_account(request: HttpRequest, user: User, *, password: str) -> None:
    """Delete the account with everything that is its own, and end the session.

    Raises:
        TooManyAttempts: the password was guessed at too often.
        PasswordIncorrect: the password is wrong.
    """
    _require_password(request, user, password)
    logout(request)
    user.delete()


def _checked_email(email: str) -> str:
    address = User.objects.normalize_email(email)
    try:
        validate_email(address)
        User(email=address).clean_fields(exclude={"password"})
    except ValidationError as error:
        raise EmailInvalid from error
    return address


def _set_password(user: User, password: str) -> None:
    if len(password) > MAX_PASSWORD_LENGTH:
        sentence = f"This password is too long. It may have {MAX_PASSWORD_LENGTH} characters."
        raise PasswordRejected([sentence])
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordRejected(list(error.messages)) from error
    user.set_password(password)


def _require_password(request: HttpRequest, user: User, password: str) -> None:
    """Ask for the password again, under the same protection against guessing as logging in."""
    confirmed = authenticate(request, username=user.email, password=password)
    if getattr(request, "axes_locked_out", False):
        raise _too_many_attempts()
    if confirmed is None or confirmed.pk != user.pk:
        raise PasswordIncorrect


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
