"""Personal access tokens: `tt_`, 30 random characters, and 6 that let a typo be told from a guess.

The random part carries 30 × log2(62) ≈ 178 bits, so a plain SHA-256 is enough to store it by: there
is nothing to guess that a slow hash would protect. The checksum is a CRC-32 in base 62, as in
GitHub's tokens (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/).
"""

import hashlib
import secrets
import string
import unicodedata
import zlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from server.accounts.errors import (
    SessionEnded,
    TokenExpiryInvalid,
    TokenLimitReached,
    TokenNameInvalid,
    TokenNotFound,
    TokenRejected,
    TokenScopesEmpty,
)
from server.accounts.models import ApiToken, Scope, User
from server.accounts.quota import USED_OF, note_used, today
from server.postgres.statements import fetch

PREFIX = "tt_"
RANDOM_LENGTH = 30
CHECKSUM_LENGTH = 6
HINT_LENGTH = len(PREFIX) + 4
MAX_TOKENS_PER_USER = 50
MAX_ENDED_TOKENS_PER_USER = (
    50  # kept to be looked at, the latest; or making and revoking had no end
)
MAX_NAME_LENGTH = 100
LAST_USE_RESOLUTION = timedelta(minutes=1)  # a busy integration does not write a row a request

# A token and its user are found in one look, for every request of an integration begins with it.
# What else there is of them is read when it is asked for.
_OF_TOKEN = ("id", "user_id", "scopes", "expires_at", "last_used_at", "revoked_at")
_OF_OWNER = ("id", "email", "date_joined", "is_active")
TOKEN_COLUMNS = [f"token.{name}" for name in _OF_TOKEN] + [f"owner.{name}" for name in _OF_OWNER]
TOKEN_SOURCE = (
    f"{ApiToken._meta.db_table} token JOIN {User._meta.db_table} owner ON owner.id = token.user_id"
)
# What is used of the day is asked along: most of those requests predict, and it is one look less.
_FIND = f"""
    SELECT {", ".join(TOKEN_COLUMNS)}, ({USED_OF.format("owner.id")})
    FROM {TOKEN_SOURCE} WHERE token.digest = %s
"""  # noqa: S608 - of our names

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def create_token(
    user: User, *, name: str, scopes: Collection[Scope], expires_at: datetime | None
) -> tuple[ApiToken, str]:
    """Create a token and return it with its secret, which can't be had again.

    Raises:
        TokenNameInvalid: the name is empty, too long or has a control character.
        TokenScopesEmpty: there is no scope.
        TokenExpiryInvalid: the expiry is not in the future.
        TokenLimitReached: the account has 50 usable tokens.
        SessionEnded: the password was changed, or the account deleted, while this was asked.
    """
    name = name.strip()
    if not 0 < len(name) <= MAX_NAME_LENGTH or any(map(_is_control, name)):
        raise TokenNameInvalid(MAX_NAME_LENGTH)
    if not scopes:
        raise TokenScopesEmpty
    if expires_at is not None and expires_at <= timezone.now():
        raise TokenExpiryInvalid
    secret = _new_secret()
    with transaction.atomic():
        # Two at once must not pass the limit, and none be made past a reset that revokes them all.
        stored = User.objects.select_for_update().filter(pk=user.pk).first()
        if stored is None or stored.password != user.password:
            raise SessionEnded
        if usable_tokens(user).count() >= MAX_TOKENS_PER_USER:
            raise TokenLimitReached(MAX_TOKENS_PER_USER)
        _remove_ended_tokens(user)
        token = ApiToken.objects.create(
            user=user,
            name=name,
            digest=_digest(secret),
            hint=secret[:HINT_LENGTH],
            scopes=[scope.value for scope in Scope if scope in scopes],
            expires_at=expires_at,
        )
    token.refresh_from_db()
    return token, secret


def usable_tokens(user: User) -> QuerySet[ApiToken]:
    """Return the tokens of a user that are neither revoked nor expired."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiToken.objects.filter(unexpired, user=user, revoked_at=None)


def revoke_token(user: User, token_id: int) -> ApiToken:
    """Revoke a token of the user for good.

    Raises:
        TokenNotFound: the user has no such token.
    """
    token = ApiToken.objects.filter(user=user, pk=token_id).first()
    if token is None:
        raise TokenNotFound
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token


def revoke_all_tokens(user: User) -> None:
    """Revoke every token of the user for good."""
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def authenticate_token(secret: str) -> ApiToken:
    """Return the token, with its user, that a bearer's secret belongs to, and note its use.

    Raises:
        TokenRejected: malformed, unknown, revoked or expired, or the user is inactive.
    """
    day = today()
    rows = fetch(_FIND, [day, token_digest(secret)])
    if not rows:
        raise TokenRejected
    *row, used = rows[0]
    token = token_of(row)
    note_used(token.user, day, used)
    return admitted(token)


def token_digest(secret: str) -> str:
    """Return what a token is found by.

    Raises:
        TokenRejected: malformed.
    """
    if not _is_well_formed(secret):
        raise TokenRejected
    return _digest(secret)


def token_of(row: Sequence[Any]) -> ApiToken:
    """Return a token, with its user, of a row of `TOKEN_COLUMNS`."""
    token = ApiToken.from_db(DEFAULT_DB_ALIAS, _OF_TOKEN, row[: len(_OF_TOKEN)])
    token.user = User.from_db(DEFAULT_DB_ALIAS, _OF_OWNER, row[len(_OF_TOKEN) :])
    return token


def admitted(token: ApiToken) -> ApiToken:
    """Return the token that was found, and note its use.

    Raises:
        TokenRejected: revoked or expired, or the user is inactive.
    """
    now = timezone.now()
    if not is_usable(token, now):
        raise TokenRejected
    if is_use_to_be_noted(token, now):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


def is_usable(token: ApiToken, now: datetime) -> bool:
    """Whether a token is neither revoked nor expired, and its user active."""
    return (
        token.revoked_at is None
        and (token.expires_at is None or token.expires_at > now)
        and token.user.is_active
    )


def is_use_to_be_noted(token: ApiToken, now: datetime) -> bool:
    """Whether the last use that is noted lies far enough back."""
    return token.last_used_at is None or now - token.last_used_at > LAST_USE_RESOLUTION


def _remove_ended_tokens(user: User) -> None:
    """Remove the oldest tokens that work no more, beyond those that are kept."""
    ended = user.api_tokens.exclude(pk__in=usable_tokens(user).values("pk")).order_by("-pk")
    oldest = ended.values_list("pk", flat=True)[MAX_ENDED_TOKENS_PER_USER:]
    user.api_tokens.filter(pk__in=list(oldest)).delete()


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def _new_secret() -> str:
    random_part = "".join(secrets.choice(_ALPHABET) for _ in range(RANDOM_LENGTH))
    return PREFIX + random_part + _checksum(random_part)


def _is_well_formed(secret: str) -> bool:
    random_part = secret[len(PREFIX) : -CHECKSUM_LENGTH]
    return (
        secret.startswith(PREFIX)
        and secret.isascii()
        and len(random_part) == RANDOM_LENGTH
        and secret.endswith(_checksum(random_part))
    )


def _checksum(random_part: str) -> str:
    number = zlib.crc32(random_part.encode())
    digits = ""
    for _ in range(CHECKSUM_LENGTH):  # 62**6 > 2**32: six digits hold every CRC-32
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
