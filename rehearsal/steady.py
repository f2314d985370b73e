"""Programs that predict and read without pause while something is done to the service."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from rehearsal.checks import require
from rehearsal.journey import CREATE_TOKEN, register_account
from rehearsal.visitor import Visitor

PROGRAMS = 3
PAUSE_SECONDS = 0.3
COUNT = "{ viewer { history { totalCount } quota { used } } }"


@dataclass
class Seen:
    """What the programs were answered: nothing but answers may be among it."""

    answered: Counter[str] = field(default_factory=Counter)  # predictions by whom they are
    pages: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def predictions(self) -> int:
        """How many were acknowledged."""
        return self.answered.total()


@contextmanager
def working(new_visitor: Callable[[], Visitor], photo: bytes, label: str) -> Iterator[Seen]:
    """Have programs at work during the block, each with an account of its own.

    At the end all that was acknowledged has to be in the histories, and counted once. Raises
    `RehearsalFailed` where that is not so, or where anything failed on the way.
    """
    seen, stopping = Seen(), threading.Event()
    programs = [_Program(new_visitor(), photo, label, seen) for _ in range(PROGRAMS)]
    threads = [threading.Thread(target=each.work, args=(stopping,)) for each in programs]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    require(not seen.failures, f"{len(seen.failures)} requests failed: {seen.failures[:3]}")
    for program in programs:
        program.require_all_kept()


class _Program:
    def __init__(self, visitor: Visitor, photo: bytes, label: str, seen: Seen) -> None:
        self._email = register_account(visitor)
        secret = visitor.data(CREATE_TOKEN)["createApiToken"]["secret"]
        self._visitor, self._bearer = visitor, {"Authorization": f"Bearer {secret}"}
        self._photo, self._label, self._seen = photo, label, seen

    def work(self, stopping: threading.Event) -> None:
        """Predict and read in turn until told to stop."""
        for number in itertools.count():
            try:
                self._predict(f"steady {number}")
                answer = self._visitor.execute(COUNT, **self._bearer)
                if answer.status_code != httpx.codes.OK or "errors" in answer.json():
                    raise ValueError(answer.text[:200])  # noqa: TRY301 - told as all the others
                self._seen.pages += 1
            except Exception as error:  # noqa: BLE001 - whatever it was, it is a finding
                self._seen.failures.append(f"{type(error).__name__}: {error}")
            if stopping.wait(PAUSE_SECONDS):
                return

    def require_all_kept(self) -> None:
        """Raise `RehearsalFailed` unless what was acknowledged is stored and counted once."""
        viewer = self._visitor.data(COUNT, **self._bearer)["viewer"]
        told = (viewer["history"]["totalCount"], viewer["quota"]["used"])
        expected = self._seen.answered[self._email]
        require(told == (expected, expected), f"{expected} were acknowledged, {told} are kept")

    def _predict(self, key: str) -> None:
        answer = self._visitor.predict(self._photo, key=key, **self._bearer)
        payload = answer.json()["data"]["predict"]
        if payload["errors"] or payload["prediction"]["label"] != self._label:
            raise ValueError(answer.text[:200])
        self._seen.answered[self._email] += 1
