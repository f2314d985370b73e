"""What can be done with an account, from registering it to deleting it."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from server.accounts import throttle
from server.accounts.address_limits import AddressLimit, tries_from_address
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
from server.accounts.spelling import MAX_EMAIL_LENGTH, email_spelling, password_spelling
from server.accounts.throttle import Limit
from server.accounts.tokens import revoke_all_tokens
from server.postgres.patience import longer_waits

MAX_PASSWORD_LENGTH = 1_000  # characters; hashing more would be a way to keep the server busy
RESET_REQUESTS_FROM_ADDRESS = AddressLimit(
    Limit("reset requests", 20, timedelta(hours=1)),
    Limit("reset requests from a shared address", 200, timedelta(hours=1)),
)
RESET_CODES_TO_ACCOUNT = Limit("reset codes", 3, timedelta(hours=1))  # each works for an hour
SHARED_REGISTRATIONS = 10  # times those of one client, for all who share an address


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
    throttle.take_all(tries_from_address(request, _registrations_from_address()))
    _set_password(user, password)
    if User.objects.with_address(email) is not None:  # perhaps in another spelling
        raise EmailTaken
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
    if "\x00" in email or len(email) > MAX_EMAIL_LENGTH:
        raise CredentialsInvalid  # no account is called so
    user = _authenticate(request, email, password)
    if user is None:
        raise CredentialsInvalid
    _log_in(request, user)
    return user


def log_out(request: HttpRequest) -> None:
    """End the session and forget what it held."""
    logout(request)


def change_password(
    request: HttpRequest,
    user: User,
    *,
    current_password: str,
    new_password: str,
    revoke_tokens: bool = False,
) -> None:
    """Change the password; this session stays, every other one ends, and every token if wanted.

    Raises:
        TooManyAttempts: the current password was guessed at too often.
        PasswordIncorrect: the current password is wrong, or has just been changed elsewhere.
        NewPasswordRejected: a validator refuses the new password.
    """
    checked = _require_password(request, user, current_password)
    _check_new_password(checked, new_password, NewPasswordRejected)
    known_hash = checked.password
    _set_password(checked, new_password)
    with transaction.atomic():
        if _locked(checked).password != known_hash:
            raise PasswordIncorrect
        _replace_password(checked)
        if revoke_tokens:
            revoke_all_tokens(checked)
    _keep_session(request, user, checked)


def request_password_reset(request: HttpRequest, *, email: str) -> None:
    """Send a reset code, if the address has an account; the caller can't tell whether it has.

    Neither by the answer nor by its time: an account costs no query more than none, and the e-mail
    is written and sent after the answer. For one that was sent several the answer stays the same.

    Raises:
        EmailInvalid: the address has no form of an address.
        TriesSpent: too many codes were asked for from the client's network address.
    """
    address = _checked_email(email)
    throttle.take_all(tries_from_address(request, RESET_REQUESTS_FROM_ADDRESS))
    user = User.objects.with_address(email)
    try:
        throttle.take(RESET_CODES_TO_ACCOUNT, address)
    except TriesSpent:
        return  # the codes that were sent still work
    if user is not None and user.is_active:
        send_password_reset(user)


def reset_password(request: HttpRequest, *, reset_token: str, new_password: str) -> None:
    """Set a new password by the code from the e-mail.

    Nothing that was given out under the old one works on: every session ends, every token is
    revoked. Whoever was locked out may log in again.

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
    with transaction.atomic():
        if not default_token_generator.check_token(_locked(user), token):
            raise ResetTokenInvalid  # used meanwhile
        _replace_password(user)
        revoke_all_tokens(user)
    forget_tries(request, user.email)
    remember(request, user)


def delete_account(request: HttpRequest, user: User, *, password: str) -> None:
    """Delete the account with everything that is its own, and end the session.

    Raises:
        TooManyAttempts: the password was guessed at too often.
        PasswordIncorrect: the password is wrong.
    """
    checked = _require_password(request, user, password)
    with longer_waits():
        checked.delete()
        logout(request)
    forget_tries(request, user.email)


def _checked_email(email: str) -> str:
    try:
        address = email_spelling(email)
        User(email=address).clean_fields(exclude={"password"})
    except (ValueError, ValidationError) as error:
        raise EmailInvalid from error
    return address


def _registrations_from_address() -> AddressLimit:
    tries, hour = settings.REGISTRATIONS_PER_HOUR, timedelta(hours=1)
    return AddressLimit(
        Limit("registrations", tries, hour),
        Limit("registrations from a shared address", SHARED_REGISTRATIONS * tries, hour),
    )


def _check_new_password(
    user: User, password: str, rejection: type[PasswordRejected] = PasswordRejected
) -> None:
    spelled = password_spelling(password[: MAX_PASSWORD_LENGTH + 1])  # of one letter it may make 18
    if max(len(password), len(spelled)) > MAX_PASSWORD_LENGTH:
        sentence = f"This password is too long. It may have {MAX_PASSWORD_LENGTH} characters."
        raise rejection([sentence])
    try:
        validate_password(spelled, user)
    except ValidationError as error:
        raise rejection(list(error.messages)) from error


def _set_password(user: User, password: str) -> None:
    with hashing_turn():
        user.set_password(password)


def _locked(user: User) -> User:
    """Return the user as stored now, and let nobody change it until the transaction ends."""
    stored = User.objects.select_for_update().filter(pk=user.pk).first()
    return stored or User()  # gone meanwhile: no password, no code is good for it


def _replace_password(user: User) -> None:
    user.save(update_fields=["password"])
    end_sessions(user.pk)


def _require_password(request: HttpRequest, user: User, password: str) -> User:
    """Ask for the password again, under the same protection against guessing as logging in."""
    checked = _authenticate(request, user.email, password)
    if checked is None or checked != user:
        raise PasswordIncorrect
    if checked.password != user.password:  # it was hashed anew
        _keep_session(request, user, checked)
    return checked


def _keep_session(request: HttpRequest, user: User, changed: User) -> None:
    """Have session and browser of the request go on with another hash; any other one ends by it."""
    user.password = changed.password
    update_session_auth_hash(request, user)
    remember(request, user)


def _authenticate(request: HttpRequest, username: str, password: str) -> User | None:
    """Return the user whose e-mail and password these are; None where they are nobody's.

    Raises:
        TooManyAttempts: too many were wrong, where this one comes from.
        TooManyLogins: too many passwords are waiting to be hashed.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        return None
    # The backend says it on the request, where another mutation of the document may have left it.
    request.password_refused_for = None  # type: ignore[attr-defined]
    user = authenticate(request, username=username, password=password)
    if user is None and request.password_refused_for is not None:  # type: ignore[attr-defined]
        raise TooManyAttempts(request.password_refused_for)  # type: ignore[attr-defined]
    return user if isinstance(user, User) else None


def _log_in(request: HttpRequest, user: User) -> None:
    # Django keeps the key of a session in which the same user logs in again; a copy would live on.
    request.session.flush()
    login(request, user, backend="server.accounts.password_backend.PasswordBackend")
    remember(request, user)


def _user_of_reset(identity: str) -> User | None:
    try:
        primary_key = int(force_str(urlsafe_base64_decode(identity)))
    except (ValueError, OverflowError):
        return None
    return User.objects.filter(pk=primary_key, is_active=True).first()
