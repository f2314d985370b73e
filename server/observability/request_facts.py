"""What is known about the request that this thread answers, told by whoever learns it."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

WELL_FORMED_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
NOT_EXECUTED = ""


@dataclass(slots=True)
class RequestFacts:
    """Durations are in milliseconds; None where it was not learnt."""

    request_id: str
    user_id: int | None = None
    operation: str = NOT_EXECUTED  # the root field, from the schema: a set that no client can grow
    operation_name: str | None = None  # as the client calls it
    error_codes: list[str] = field(default_factory=list)
    model: str | None = None  # name and version
    wait_ms: float | None = None  # for a turn at the model
    inference_ms: float | None = None  # decoding and the model
    queries: int = 0
    database_ms: float = 0.0

    def time_query(
        self,
        execute: Callable[..., object],
        sql: str,
        parameters: object,
        many: bool,  # noqa: FBT001 - the signature of Django's database wrappers
        context: object,
    ) -> object:
        """Execute a query and add its time; see Django's "database instrumentation"."""
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.queries += 1
            self.database_ms += (time.perf_counter() - started) * 1000


_current: ContextVar[RequestFacts | None] = ContextVar("request_facts", default=None)


@contextmanager
def request_facts(offered_request_id: str | None) -> Iterator[RequestFacts]:
    """Begin the facts of a request; they end with the block.

    The id that a proxy or client offers is taken if it is safe to print, so that one request can be
    followed through the logs of several servers; else it gets one of its own.
    """
    if offered_request_id and WELL_FORMED_REQUEST_ID.fullmatch(offered_request_id):
        request_id = offered_request_id
    else:
        request_id = os.urandom(16).hex()
    facts = RequestFacts(request_id)
    token = _current.set(facts)
    try:
        yield facts
    finally:
        _current.reset(token)


def facts() -> RequestFacts:
    """Return the facts of the request of this thread; outside of one, some that nobody reads."""
    return _current.get() or RequestFacts("")
