"""Results that are kept for as long as there is room."""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """A dictionary of the latest results; unlike `lru_cache` it says what it does not know."""

    def __init__(self, most: int) -> None:
        """Hold at most so many, and then begin anew."""
        self._most = most
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return a result; None where it is not known."""
        return self._values.get(key)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a result, and return it."""
        if len(self._values) >= self._most:
            self._values = {}
        self._values[key] = value
        return value
