"""Prepared statements for a thread that must never wait: that of a poller.

One connection, which is asked one statement after the other; what comes meanwhile queues. Whatever
is not as it should be, a connection that is lost, an error, an answer that takes long, is nothing
to be mended here: who asked is told that there is no answer, and asks where waiting is allowed.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from selectors import EVENT_READ, BaseSelector
from threading import Thread
from typing import Any

import psycopg2
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg2.extensions import POLL_OK
from psycopg2.extras import register_default_jsonb, wait_select

from server.postgres.prepared import PreparedStatements

MAX_WAITING = 64
PATIENCE_SECONDS = 0.5
PAUSE_SECONDS = 5.0  # after the connection failed
CONNECT_SECONDS = 5

Rows = list[tuple[Any, ...]]
# Is told the rows and how long the statement took, in milliseconds; or None.
Told = Callable[[Rows | None, float], None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Statement:
    """With `%s` for each parameter."""

    sql: str
    parameters: Sequence[Any]
    keeps_plan: bool  # whatever the parameters are; else it is planned for them each time


@dataclass(frozen=True)
class _Asked:
    statement: Statement
    told: Told
    since: float


class NonblockingStatements:
    """A connection on a selector whose keys have a callback as their data; of one thread."""

    def __init__(self, selector: BaseSelector) -> None:
        """Connect when the first statement is wanted."""
        self._selector = selector
        self._opened: Any = None  # a connection that the opening thread has left here
        self._opening: Thread | None = None
        self._not_before = 0.0
        self._connection: Any = None
        self._cursor: Any = None
        self._fileno = -1
        self._prepared = PreparedStatements()
        self._waiting: deque[_Asked] = deque()  # the first has been sent

    def ask(self, statement: Statement, told: Told) -> bool:
        """Queue a statement; return whether it was.

        Where it was, `told` is called, in the selector's thread, exactly once.
        """
        if len(self._waiting) >= MAX_WAITING or not self._is_connected():
            return False
        self._waiting.append(_Asked(statement, told, time.monotonic()))
        if len(self._waiting) == 1:
            self._send()
        return True

    def check(self) -> None:
        """Give up on a connection that does not answer; to be called now and then."""
        if self._waiting and time.monotonic() > self._waiting[0].since + PATIENCE_SECONDS:
            self._fail("it does not answer")

    def close(self) -> None:
        """Close the connection when its selector is used no more."""
        if self._connection is not None:
            self._connection.close()

    def _is_connected(self) -> bool:
        if self._connection is not None:
            return True
        if self._opened is not None:
            self._connection, self._opened = self._opened, None
            self._cursor = self._connection.cursor()
            self._cursor.tzinfo_factory = _utc
            self._prepared = PreparedStatements()
            self._fileno = self._connection.fileno()
            self._selector.register(self._fileno, EVENT_READ, self._receive)
            return True
        is_opening = self._opening is not None and self._opening.is_alive()
        if not is_opening and time.monotonic() >= self._not_before:
            self._not_before = time.monotonic() + PAUSE_SECONDS
            self._opening = Thread(target=self._open, name="connecting", daemon=True)
            self._opening.start()
        return False

    def _open(self) -> None:
        """Connect as Django would, in a thread of its own: looking up a host's name waits."""
        try:
            parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
            parameters["options"] = f"{parameters.get('options', '')} -c TimeZone=UTC"
            parameters.setdefault("connect_timeout", CONNECT_SECONDS)
            opened = psycopg2.connect(**parameters, async_=1)
            wait_select(opened)
            register_default_jsonb(opened, loads=_as_it_is)
            self._opened = opened
        except Exception as error:  # noqa: BLE001 - whatever it is, the others say it to somebody
            logger.info("No connection for pages: %s", type(error).__name__)

    def _send(self) -> None:
        statement = self._waiting[0].statement
        sql = statement.sql
        try:
            if statement.keeps_plan:
                commands = self._prepared.preparation(sql)
                execution = self._prepared.execution(sql, len(statement.parameters))
                sql = "; ".join([*commands, execution])
            self._cursor.execute(sql, statement.parameters)
        except Exception as error:  # noqa: BLE001 - whatever it is, the poller lives on
            self._fail(type(error).__name__)

    def _receive(self, _fileno: object) -> None:
        try:
            if self._connection.poll() != POLL_OK or not self._waiting:
                return
            rows = self._cursor.fetchall()
        except Exception as error:  # noqa: BLE001 - as above
            self._fail(type(error).__name__)
            return
        asked = self._waiting.popleft()
        if self._waiting:
            self._send()  # the server works on the next while this one is told
        asked.told(rows, (time.monotonic() - asked.since) * 1000)

    def _fail(self, why: str) -> None:
        """Close the connection, and tell everybody who waits that there is no answer."""
        if self._connection is not None:
            self._selector.unregister(self._fileno)  # which a lost connection has no more
            self._connection.close()
            self._connection = self._cursor = None
        logger.info("The connection for pages was given up: %s", why)
        self._not_before = time.monotonic() + PAUSE_SECONDS
        waiting, self._waiting = self._waiting, deque()
        for asked in waiting:
            asked.told(None, 0.0)


def _utc(_offset: object) -> tzinfo:
    return UTC


def _as_it_is(text: str) -> str:
    return text
