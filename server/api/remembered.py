"""Results that are kept for as long as there is room.

What a client chooses is both counted and weighed: a hundred documents may be short, or a hundred
times as many bytes as anybody needs, in every worker.
"""

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """A dictionary of the latest results; unlike `lru_cache` it says what it does not know."""

    def __init__(self, most: int, most_bytes: int) -> None:
        """Hold at most so many, of so many bytes together, and then begin anew."""
        self._most = most
        self._most_bytes = most_bytes
        self._values: dict[Key, Value] = {}
        self.held_bytes = 0

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """Return a result; None where it is not known."""
        return self._values.get(key)

    def keep(self, key: Key, value: Value, byte_count: int) -> Value:
        """Keep a result, which takes about so many bytes with its key, and return it."""
        if key in self._values:  # another thread was as quick
            return value
        if len(self._values) >= self._most or self.held_bytes + byte_count > self._most_bytes:
            self.forget()
        if byte_count <= self._most_bytes:
            self._values[key] = value
            self.held_bytes += byte_count
        return value

    def forget(self) -> None:
        """Begin anew."""
        self._values, self.held_bytes = {}, 0
