"""Where an inference tier is, and how it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class TierObserver(Protocol):
    """Is told what comes of every attempt, by the threads that make them."""

    def attempted(self, outcome: str, seconds: float) -> None:
        """An attempt ended: ``answered``, or the name of the error."""

    def usable_servers_changed(self, change: int) -> None:
        """A server was found to be right (+1), or is left alone for a while (-1)."""


class NobodyObserves:
    """Hears and does nothing."""

    def attempted(self, outcome: str, seconds: float) -> None:
        """Do nothing."""

    def usable_servers_changed(self, change: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class InferenceTier:
    """Servers of the Open Inference Protocol, each of which can answer for the others.

    ``addresses`` are http or https, with a path where the server has one. ``authority`` is the file
    of the certificates to trust in place of the system's, ``certificate`` that of our own with its
    key. ``read_seconds`` is how long a server may say nothing, ``budget_seconds`` how long a
    picture may take, all attempts and pauses together. ``observer`` is told of each attempt.
    """

    addresses: tuple[str, ...]
    token: str = field(default="", repr=False)
    read_seconds: float = 1.5
    budget_seconds: float = 10.0
    authority: Path | None = None
    certificate: Path | None = None
    observer: TierObserver = field(default_factory=NobodyObserves)
