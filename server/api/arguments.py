"""Arguments, checked and completed."""

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


def in_utc(moment: datetime | None) -> datetime | None:
    """Return a moment in UTC where it came without a time zone."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
