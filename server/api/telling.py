"""How an error of the domain is told to its sender."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.api.user_errors import UserErrorCode


@dataclass(frozen=True)
class Telling:
    """A code for programs, the argument at fault, and a message for people."""

    code: UserErrorCode
    field: tuple[str, ...] | Callable[[Any], tuple[str, ...]]
    message: str | Callable[[Any], str]
    waits: bool = False  # the error has `retry_after`: then the same may go well

    def field_of(self, error: Exception) -> list[str]:
        """Return the path of the argument at fault."""
        return list(self.field(error) if callable(self.field) else self.field)

    def message_of(self, error: Exception) -> str:
        """Return the message."""
        return self.message(error) if callable(self.message) else self.message
