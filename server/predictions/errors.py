"""What can go wrong with a prediction, beside what the classifier and the quota refuse.

PredictionError
├── IdempotencyKeyInvalid   empty or too long
├── IdempotencyKeyReused    the key belongs to a prediction of another photo or model
├── PredictionNotFound      the account has no prediction with this id
│   └── PredictionsNotFound with one of several ids
├── CorrectionInvalid       no word is left of it, it is too long, or it says what the answer says
├── TryingIsOff             an answer without an account is not to be had here
├── CropLost                the storage has not got the object that a crop names
├── CropUnreachable         the storage of the crops does not answer
├── AccountGone             the account was deleted while its photo was being classified
└── CursorInvalid           a page was asked for at a place that is none of this history and order

VersionReused is the operator's to put right.
"""

from dataclasses import dataclass


class PredictionError(Exception):
    """Something about a prediction request that its sender can put right."""


@dataclass(eq=False)  # an exception is itself, whatever it carries
class IdempotencyKeyInvalid(PredictionError):
    """The key is empty or too long."""

    max_length: int


class IdempotencyKeyReused(PredictionError):
    """The key belongs to an earlier prediction of another photo or with another model."""


class PredictionNotFound(PredictionError):
    """The account has no prediction with this id."""


class PredictionsNotFound(PredictionNotFound):
    """The account has no prediction with one of these ids."""


@dataclass(eq=False)
class CorrectionInvalid(PredictionError):
    """No word is left of the correction, it is too long, or it says what the answer says."""

    max_length: int


class TryingIsOff(PredictionError):
    """An answer without an account is not to be had on this server."""


@dataclass(eq=False)
class CropLost(PredictionError):
    """The storage has not got the object that a crop names."""

    object_key: str


class CropUnreachable(PredictionError):
    """The storage of the crops does not answer, or has not a moment ago."""


class AccountGone(PredictionError):
    """The account was deleted while its photo was being classified."""


class CursorInvalid(PredictionError):
    """The cursor was not handed out for this order."""


class VersionReused(Exception):
    """A model has the name and the version of one whose weights were others.

    The history tells models apart by the two, so nothing is stored of it.
    """

    def __init__(self, name: str, version: str) -> None:
        """Say which model needs another version."""
        super().__init__(f"{name} {version} was another network before: give it a new version")
