"""Arguments, checked and completed."""

from collections.abc import Sequence
from datetime import UTC, datetime

from server.api.errors import BadUserInput


def bounded(name: str, value: int, *, maximum: int) -> int:
    """Return the value of a size argument.

    Raises:
        BadUserInput: it is negative or larger than the maximum.
    """
    if not 0 <= value <= maximum:
        raise BadUserInput(f"`{name}` has to be between 0 and {maximum}, not {value}.")
    return value


def size_of(name: str, value: int | None, *, default: int, maximum: int) -> int:
    """Return how many items of a list are asked for; null asks for as many as nothing does.

    Raises:
        BadUserInput: it is negative or larger than the maximum.
    """
    return bounded(name, default if value is None else value, maximum=maximum)


def few(name: str, values: Sequence[object], *, maximum: int) -> None:
    """Refuse a list that is too long.

    Raises:
        BadUserInput: it is.
    """
    if len(values) > maximum:
        raise BadUserInput(f"`{name}` has at most {maximum} items, not {len(values)}.")


def probability(name: str, value: float | None) -> float | None:
    """Return the value of a probability.

    Raises:
        BadUserInput: it is not between 0 and 1.
    """
    if value is not None and not 0 <= value <= 1:
        raise BadUserInput(f"`{name}` has to be between 0 and 1, not {value}.")
    return value


def short(name: str, value: str | None, *, maximum: int) -> str | None:
    """Return the value of a text that is looked for.

    Raises:
        BadUserInput: it is longer than anything that could be found.
    """
    if value is not None and len(value) > maximum:
        raise BadUserInput(f"`{name}` has at most {maximum} characters.")
    return value


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC, which is also its zone where it came without one.

    Raises:
        BadUserInput: in UTC it is not within the years 1 to 9999.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadUserInput("A moment has to be within the years 1 to 9999, in UTC.") from error
