"""Several requests at once: real threads, each with a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Returned = TypeVar("Returned")
TIMEOUT_SECONDS = 60


def at_once(calls: Sequence[Callable[[], Returned]]) -> list[Returned]:
    """Start all calls together and return what they returned, in their order."""
    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [start(pool, call) for call in calls]
        return [future.result(TIMEOUT_SECONDS) for future in futures]


def start(pool: ThreadPoolExecutor, call: Callable[[], Returned]) -> Future[Returned]:
    """Run a call in a thread of the pool; its connection is closed when it is done."""

    def run() -> Returned:
        try:
            return call()
        finally:
            connections.close_all()

    return pool.submit(run)
