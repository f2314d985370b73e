"""What can go wrong with an account.

AccountError
├── EmailInvalid
├── EmailTaken
├── PasswordRejected        the validators' sentences
│   └── NewPasswordRejected the same, of a password that is to replace another
├── PasswordIncorrect       the current password, asked again, is wrong
├── CredentialsInvalid      e-mail and password do not belong together
├── TooManyAttempts         locked out after too many wrong passwords
├── TriesSpent              something was tried as often as it may be for a while
├── TooManyLogins           too many passwords wait to be hashed
├── SessionEnded            its password was changed, or the account deleted, meanwhile
├── ResetTokenInvalid       a reset code is wrong, used or expired
├── TokenNameInvalid
├── TokenScopesEmpty
├── TokenExpiryInvalid
├── TokenLimitReached       an account holds as many tokens as it may
├── TokenNotFound           the account has no token with this id
├── TokenRejected           a bearer token is unknown, revoked or expired
└── QuotaSpent              no prediction left today
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class AccountError(Exception):
    """Something about an account that its owner can put right."""


class EmailInvalid(AccountError):
    """The address has no form of an e-mail address."""


class EmailTaken(AccountError):
    """An account with this address exists."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class PasswordRejected(AccountError):
    """The new password is too weak; `reasons` are sentences."""

    reasons: list[str]


class NewPasswordRejected(PasswordRejected):
    """The password that is to replace another is too weak."""


class PasswordIncorrect(AccountError):
    """The current password is wrong."""


class CredentialsInvalid(AccountError):
    """No account has this e-mail and password."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class TooManyAttempts(AccountError):
    """Logging in is locked after too many wrong passwords."""

    retry_after: timedelta


@dataclass(eq=False)  # an exception is itself, whatever it carries
class TriesSpent(AccountError):
    """Something was tried as often as it may be for a while."""

    retry_after: timedelta


class TooManyLogins(AccountError):
    """Too many passwords wait to be hashed."""


class SessionEnded(AccountError):
    """The session ended while something was done in it."""


class ResetTokenInvalid(AccountError):
    """The reset code is wrong, already used or expired."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class TokenNameInvalid(AccountError):
    """A token's name is empty or too long."""

    max_length: int


class TokenScopesEmpty(AccountError):
    """A token was asked for that may do nothing."""


class TokenExpiryInvalid(AccountError):
    """A token was asked for that has expired already."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class TokenLimitReached(AccountError):
    """The account holds as many usable tokens as it may."""

    limit: int


class TokenNotFound(AccountError):
    """The account has no token with this id."""


class TokenRejected(AccountError):
    """A bearer token is malformed, unknown, revoked or expired, or its user is inactive."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class QuotaSpent(AccountError):
    """The account has made all its predictions of the day."""

    limit: int
    resets_at: datetime

    @property
    def retry_after(self) -> timedelta:
        """How long it is until there are new ones."""
        return self.resets_at - datetime.now(UTC)
