"""Sides measured in turn, A B A B, and what the pairs say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from harness.load.requests import Run


@dataclass(frozen=True)
class Side:
    """Somebody who takes a turn."""

    name: str
    take_turn: Callable[[], Run]


@dataclass(frozen=True)
class Ratio:
    """The ratios of pairs: the one in the middle, the smallest and the largest."""

    median: float
    smallest: float
    largest: float

    @classmethod
    def of_pairs(cls, ours: Sequence[float], theirs: Sequence[float]) -> "Ratio":
        """Divide ours by theirs, pair by pair; a pair in which they answered nothing is left out.

        Raises:
            ValueError: as many of ours as of theirs have to be there, and one pair that counts.
        """
        ratios = [our / their for our, their in zip(ours, theirs, strict=True) if their > 0]
        if not ratios:
            raise ValueError("there is no pair to divide")
        return cls(median(ratios), min(ratios), max(ratios))


def alternate(sides: Sequence[Side], rounds: int) -> dict[str, list[Run]]:
    """Let the sides take turns, so often; return what each did, in order."""
    runs: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            runs[side.name].append(side.take_turn())
    return runs
