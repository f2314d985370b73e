"""Calling a service for a mutation: what its sender can put right comes back as user errors."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

from server.accounts import errors as accounts
from server.api.errors import RateLimited, ServerBusy, Unauthenticated
from server.api.teaching import tellings as teaching
from server.api.telling import Telling
from server.api.user_errors import UserError, UserErrorCode
from server.classifier import errors as classifier
from server.observability.request_facts import facts
from server.predictions import errors as predictions

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


class Base64Invalid(Exception):
    """The text of an image is not base64."""


def _too_large(error: classifier.ImageTooLarge) -> str:
    return f"The image has {error.found:,} {error.unit}; at most {error.limit:,} are allowed."


def _too_small(error: classifier.ImageTooSmall) -> str:
    side = error.min_side_pixels
    return f"The image is {error.width} × {error.height} pixels; each side needs at least {side}."


def _unsupported(error: classifier.ImageFormatUnsupported) -> str:
    what = f"{error.found}, and no" if error.found else "no"
    return f"This is {what} image we can read. Send {', '.join(error.supported)}."


def _of_a_kind(error: classifier.ImageKindUnsupported) -> str:
    return f"This is {error.kind}, which we can't read. Save it as an ordinary JPEG."


def _minutes(error: accounts.TooManyAttempts) -> str:
    minutes = math.ceil(error.retry_after.total_seconds() / 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Too many wrong passwords. Try again in {wait}, or reset the password."


_IMAGE = ("input", "image")
_TELLINGS: dict[type[Exception], Telling] = {
    accounts.EmailInvalid: Telling(
        UserErrorCode.EMAIL_INVALID, ("input", "email"), "This is no e-mail address."
    ),
    accounts.EmailTaken: Telling(
        UserErrorCode.EMAIL_TAKEN,
        ("input", "email"),
        "An account with this e-mail address exists already.",
    ),
    accounts.PasswordRejected: Telling(
        UserErrorCode.PASSWORD_REJECTED,
        ("input", "password"),
        lambda error: " ".join(error.reasons),
    ),
    accounts.NewPasswordRejected: Telling(
        UserErrorCode.PASSWORD_REJECTED,
        ("input", "newPassword"),
        lambda error: " ".join(error.reasons),
    ),
    accounts.PasswordIncorrect: Telling(
        UserErrorCode.PASSWORD_INCORRECT,
        ("input", "currentPassword"),
        "The current password is wrong.",
    ),
    accounts.CredentialsInvalid: Telling(
        UserErrorCode.CREDENTIALS_INVALID,
        ("input",),
        "The e-mail address or the password is wrong.",
    ),
    accounts.TooManyAttempts: Telling(
        UserErrorCode.TOO_MANY_ATTEMPTS, ("input",), _minutes, waits=True
    ),
    accounts.ResetTokenInvalid: Telling(
        UserErrorCode.RESET_TOKEN_INVALID,
        ("input", "resetToken"),
        "This reset code is wrong, already used or expired.",
    ),
    accounts.TokenNameInvalid: Telling(
        UserErrorCode.TOKEN_NAME_INVALID,
        ("input", "name"),
        lambda error: f"A token needs a name of 1 to {error.max_length} characters.",
    ),
    accounts.TokenScopesEmpty: Telling(
        UserErrorCode.TOKEN_SCOPES_EMPTY, ("input", "scopes"), "A token needs at least one scope."
    ),
    accounts.TokenExpiryInvalid: Telling(
        UserErrorCode.TOKEN_EXPIRY_INVALID,
        ("input", "expiresAt"),
        "The expiry has to be in the future.",
    ),
    accounts.TokenLimitReached: Telling(
        UserErrorCode.TOKEN_LIMIT_REACHED,
        ("input",),
        lambda error: f"An account may hold {error.limit} tokens; revoke one first.",
    ),
    accounts.QuotaSpent: Telling(
        UserErrorCode.QUOTA_SPENT,
        ("input",),
        lambda error: (
            f"Today's {error.limit} predictions are spent; there are new ones at "
            f"{error.resets_at:%Y-%m-%d %H:%M} UTC."
        ),
        waits=True,
    ),
    accounts.TokenNotFound: Telling(
        UserErrorCode.NOT_FOUND, ("input", "id"), "You have no token with this id."
    ),
    Base64Invalid: Telling(
        UserErrorCode.IMAGE_BASE64_INVALID, (*_IMAGE, "base64"), "The image is not valid base64."
    ),
    classifier.ImageEmpty: Telling(UserErrorCode.IMAGE_EMPTY, _IMAGE, "The image is empty."),
    classifier.ImageTooLarge: Telling(UserErrorCode.IMAGE_TOO_LARGE, _IMAGE, _too_large),
    classifier.ImageTooSmall: Telling(UserErrorCode.IMAGE_TOO_SMALL, _IMAGE, _too_small),
    classifier.ImageFormatUnsupported: Telling(
        UserErrorCode.IMAGE_FORMAT_UNSUPPORTED,
        _IMAGE,
        _unsupported,
    ),
    classifier.ImageKindUnsupported: Telling(
        UserErrorCode.IMAGE_KIND_UNSUPPORTED, _IMAGE, _of_a_kind
    ),
    classifier.ImageInHdr: Telling(UserErrorCode.IMAGE_IN_HDR, _IMAGE, _of_a_kind),
    classifier.ImageUnreadable: Telling(
        UserErrorCode.IMAGE_UNREADABLE,
        _IMAGE,
        lambda error: f"The {error.format_name or 'image'} is damaged or incomplete.",
    ),
    classifier.ModelUnknown: Telling(
        UserErrorCode.MODEL_UNKNOWN,
        ("input", "model"),
        "No model has this name, and no classifier of yours.",
    ),
    predictions.CorrectionInvalid: Telling(
        UserErrorCode.CORRECTION_INVALID,
        ("input", "label"),
        lambda error: (
            f"A correction has 1 to {error.max_length} characters and differs from the answer."
        ),
    ),
    predictions.IdempotencyKeyInvalid: Telling(
        UserErrorCode.IDEMPOTENCY_KEY_INVALID,
        ("input", "idempotencyKey"),
        lambda error: f"An idempotency key has 1 to {error.max_length} characters.",
    ),
    predictions.IdempotencyKeyReused: Telling(
        UserErrorCode.IDEMPOTENCY_KEY_REUSED,
        ("input", "idempotencyKey"),
        "This idempotency key belongs to an earlier prediction of another image or model.",
    ),
    predictions.PredictionNotFound: Telling(
        UserErrorCode.NOT_FOUND, ("input", "id"), "You have no prediction with this id."
    ),
    predictions.PredictionsNotFound: Telling(
        UserErrorCode.NOT_FOUND,
        ("input", "predictions"),
        "You have no prediction with one of these ids.",
    ),
} | teaching.TELLINGS

_WAITING = "Too many predictions are waiting"
_BUSY: dict[type[Exception], str] = {
    classifier.Busy: _WAITING,
    classifier.TierBusy: _WAITING,
    classifier.ModelNotReady: "The model is not loaded yet",
    classifier.TierUnreachable: "The model can't be reached just now",
    accounts.TooManyLogins: "Too many people are logging in",
    predictions.CropUnreachable: "A picture can't be read just now",
}


def attempt(
    service: Callable[Parameters, Returned],
    *arguments: Parameters.args,
    **keywords: Parameters.kwargs,
) -> tuple[Returned | None, list[UserError]]:
    """Call a service; return what it returned, or the error the sender can put right.

    Raises:
        ServerBusy: too many predictions are waiting, or the model is not loaded or reached, or a
            picture can't be read.
        ServerBusy: or too many passwords wait to be hashed.
        RateLimited: it was tried too often from the client's network address.
        Unauthenticated: the account was deleted, or the session ended, while it was at work; or it
            wants an account here.
    """
    try:
        return service(*arguments, **keywords), []
    except tuple(_BUSY) as error:
        raise ServerBusy(f"{_BUSY[type(error)]}; try again in a moment.") from error
    except accounts.TriesSpent as error:
        raise RateLimited(
            "This was tried too often from your network address; try again later.",
            retry_after_seconds=_seconds(error.retry_after),
        ) from error
    except accounts.SessionEnded as error:
        raise Unauthenticated("This session has ended; log in again.") from error
    except predictions.TryingIsOff as error:
        raise Unauthenticated(
            "Without an account no photo is answered here; log in, or send a token."
        ) from error
    except predictions.AccountGone as error:
        raise Unauthenticated("This account has been deleted.") from error
    except tuple(_TELLINGS) as error:
        return None, [tell(error)]


def tell(error: Any) -> UserError:  # noqa: ANN401 - an error, and what it carries
    """Return an error that the sender can put right as the schema tells it."""
    telling = _TELLINGS[type(error)]
    facts().error_codes.append(telling.code.name)
    return UserError(
        code=telling.code,
        message=telling.message_of(error),
        field=telling.field_of(error),
        retry_after_seconds=_seconds(error.retry_after) if telling.waits else None,
    )


def _seconds(wait: timedelta) -> int:
    """Return a time to wait in whole seconds; at the end of it the wait is over."""
    return max(1, math.ceil(wait.total_seconds()))
