"""What the tests of the remote engine share: servers, an engine on them, and what it tells."""

from collections import Counter
from collections.abc import Callable

from inference_tier.protocol import Asked, Reply

NOBODY = "http://127.0.0.1:1"  # refuses at once


class Heard:
    """Counts what the engine tells."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.usable = 0

    def attempted(self, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes[outcome] += 1

    def usable_servers_changed(self, change: int) -> None:
        self.usable += change


def status(code: int) -> Callable[[Asked, Reply], Reply]:
    """Answer inferences with this status."""
    return lambda asked, reply: Reply(code, b"no") if asked.path.endswith("/infer") else reply
