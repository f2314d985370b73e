"""Requests that are sent over and over, and what came back: the same for every side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.connection import OF_THE_PROXY


@dataclass(frozen=True)
class Request:
    """One request, but for the address."""

    path: str
    body: bytes | None = None
    media_type: str | None = None
    token: str | None = None

    @property
    def method(self) -> str:
        """POST where there is a body."""
        return "GET" if self.body is None else "POST"

    @property
    def headers(self) -> dict[str, str]:
        """The headers, the same for whoever answers."""
        headers = {**OF_THE_PROXY, "Accept": "application/json"}
        if self.media_type is not None:
            headers["Content-Type"] = self.media_type
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers


@dataclass(frozen=True)
class Load:
    """Requests to a port of this machine, in turn, and what a right answer to each contains."""

    port: int
    requests: Sequence[Request]
    marker: str
    occurrences: int = 1


@dataclass(frozen=True)
class Run:
    """What came back within so many seconds."""

    seconds: float
    answered: int
    p50_ms: float
    p99_ms: float
    errors: Mapping[str, int] = field(default_factory=dict)
    generator_cpu: float = 0.0  # of one core

    @property
    def per_second(self) -> float:
        """Right answers a second."""
        return self.answered / self.seconds


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of all are not above; 0 without any."""
    if not sorted_values:
        return 0.0
    rank = -(-len(sorted_values) * share // 1)  # rounded up
    return sorted_values[max(0, int(rank) - 1)]


def run_of(answer: Mapping[str, Any]) -> Run:
    """Return what was measured: `seconds`, `latenciesMs`, and from the generator some more."""
    latencies: list[float] = sorted(answer["latenciesMs"])
    return Run(
        seconds=answer["seconds"],
        answered=len(latencies),
        p50_ms=percentile(latencies, 0.5),
        p99_ms=percentile(latencies, 0.99),
        errors=answer.get("errors", {}),
        generator_cpu=answer.get("cpuShare", 0.0),
    )
