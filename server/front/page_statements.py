"""Statements of the event loop: connections of asyncpg, which prepares what it is asked again.

Whoever asks is answered soon, or told at once that nothing was asked, and is then Django's: nobody
waits here longer for a connection than a thread would take for the whole page.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import asyncpg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from server.postgres.patience import LIMIT_STATEMENTS

CONNECT_SECONDS = 5.0
GRACE_SECONDS = 0.5
PAUSE_SECONDS = 5.0  # after a connection failed
STALE_SECONDS = 60.0  # unused for so long, a connection may have been forgotten on its way
# A thread takes about so much longer than the loop, and more on a machine that is busy: that, the
# time of a statement tells.
LEAST_QUEUE_SECONDS = 0.002
QUEUE_IN_STATEMENTS = 0.5
MAX_PREPARED = 32  # statements of a connection; each holds a plan in its server process
MEMORY_OF_TIMES = 0.1  # the share of the latest statement in what one is expected to take
# What asyncpg is told, by libpq's names, and what concerns psycopg2 alone.
TOLD = {
    *("dbname", "host", "port", "user", "password", "application_name"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
}
UNTOLD = {"client_encoding", "connect_timeout", "tcp_user_timeout", "cursor_factory"}
KEEPALIVES = "keepalives"

Rows = Sequence[Sequence[Any]]

logger = logging.getLogger(__name__)


class NotAsked(Exception):
    """PostgreSQL was asked nothing: somebody else may ask it."""


class NotAnswered(Exception):
    """It was asked, and there will be no answer."""


class UnknownOptions(Exception):
    """The database's address has options that asyncpg can't be told."""


class Statements:
    """Some connections, opened when they are wanted; of one event loop."""

    def __init__(self, most: int, session: Mapping[str, str] | None = None) -> None:
        """Have at most so many, with these settings of a session."""
        self._most = most
        self._session = session or {}
        self._idle: list[tuple[float, asyncpg.Connection]] = []  # since when; the latest last
        self._count = 0  # of those that are open or being opened
        self._waiting: deque[asyncio.Future[asyncpg.Connection]] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._not_before = 0.0
        self._expected_seconds = 0.0
        self._is_off = False  # for good

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """Return the rows of a statement with `$1`, `$2` … for the parameters.

        Raises:
            NotAsked: no connection is to be had soon, or a value is none of PostgreSQL's.
            NotAnswered: it failed, or took longer than is waited for.
        """
        connection = self._idle_connection() or await self._next_connection()
        started = time.monotonic()
        is_well = False
        try:
            # A server that lives ends a long statement itself.
            patience = settings.DATABASE_PATIENCE_SECONDS + GRACE_SECONDS
            rows: Rows = await connection.fetch(sql, *parameters, timeout=patience)
            is_well = True
        except asyncpg.InterfaceError as error:
            is_well = not connection.is_closed()
            raise NotAsked from error
        except asyncpg.PostgresError as error:
            is_well = not connection.is_closed()
            raise NotAnswered from error
        except (OSError, TimeoutError) as error:
            self._pause()
            raise NotAnswered from error
        finally:
            taken = time.monotonic() - started
            self._expected_seconds += (taken - self._expected_seconds) * MEMORY_OF_TIMES
            self._release(connection, is_well=is_well)
        return rows

    async def close(self) -> None:
        """Close all connections that nobody uses; no more are opened."""
        self._pause(float("inf"))
        for opening in self._opening:
            opening.cancel()

    def _pause(self, seconds: float | None = None) -> None:
        """Close what nobody uses, for it may be no better, and open no other for a while."""
        pause = PAUSE_SECONDS if seconds is None else seconds
        self._not_before = time.monotonic() + pause
        while self._idle:
            self._discard(self._idle.pop()[1])

    def _idle_connection(self) -> asyncpg.Connection | None:
        now = time.monotonic()
        while self._idle:
            since, connection = self._idle.pop()
            if now - since < STALE_SECONDS and not connection.is_closed():
                return connection
            self._discard(connection)
        return None

    async def _next_connection(self) -> asyncpg.Connection:
        """Wait for a connection, where one will come soon."""
        may_open = not self._is_off and time.monotonic() >= self._not_before
        if self._count < self._most and may_open:
            self._count += 1
            opening = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)
        in_use = self._count - len(self._opening)
        before = len(self._waiting) + 1
        most = max(LEAST_QUEUE_SECONDS, self._expected_seconds * QUEUE_IN_STATEMENTS)
        if in_use == 0 or before / in_use * self._expected_seconds > most:
            raise NotAsked
        waiting: asyncio.Future[asyncpg.Connection] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await asyncio.wait_for(waiting, 2 * most)
        except TimeoutError as error:
            raise NotAsked from error
        except asyncio.CancelledError:  # the client has gone, perhaps at the very moment
            if waiting.done() and not waiting.cancelled():
                self._release(waiting.result(), is_well=True)
            raise

    def _release(self, connection: asyncpg.Connection, *, is_well: bool) -> None:
        if not is_well or connection.is_closed():
            self._discard(connection)
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return
        self._idle.append((time.monotonic(), connection))

    def _discard(self, connection: asyncpg.Connection) -> None:
        self._count -= 1
        connection.terminate()

    async def _open(self) -> None:
        try:
            parameters = await asyncio.to_thread(_connection_parameters)
            connection = await asyncpg.connect(
                _address(parameters),
                timeout=CONNECT_SECONDS,
                statement_cache_size=MAX_PREPARED,
            )
            is_session = await self._begin(connection)
        except UnknownOptions as error:
            logger.warning("Pages are answered by threads: asyncpg does not know %s.", error)
            self._is_off = True
            self._count -= 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the threads say it to somebody
            logger.info("No connection for pages: %s", type(error).__name__)
            self._pause()
            self._count -= 1
        else:
            if not is_session:
                # What is prepared on one server process is not there on the next: a page would
                # take four ways there and back, where a thread takes one.
                logger.warning("Pages are answered by threads: there is a pooler in between.")
                self._is_off = True
            self._release(connection, is_well=is_session)

    async def _begin(self, connection: asyncpg.Connection) -> bool:
        """Set the session up; return whether there is one, with no pooler in between."""
        command = LIMIT_STATEMENTS.format(
            milliseconds=settings.DATABASE_PATIENCE_SECONDS * 1000,
            process_id=connection.get_server_pid(),
        )
        if await connection.execute(command, timeout=CONNECT_SECONDS) != "SELECT 1":
            return False
        for name, value in self._session.items():
            await connection.execute(f"SET {name} = {value}", timeout=CONNECT_SECONDS)
        return True


def _connection_parameters() -> dict[str, Any]:
    """Return what Django connects with; in a thread, for it may have to start the server."""
    connection = connections[DEFAULT_DB_ALIAS]
    return dict(connection.get_connection_params())


def _address(parameters: Mapping[str, Any]) -> str:
    """Return the same as an address for asyncpg.

    Raises:
        UnknownOptions: there are some that may be meant to protect.
    """
    told = {name: value for name, value in parameters.items() if name in TOLD}
    unknown = {
        name
        for name in parameters.keys() - TOLD - UNTOLD
        if not name.startswith(KEEPALIVES) and parameters[name] is not None
    }
    if unknown:
        raise UnknownOptions(", ".join(sorted(unknown)))
    return f"postgresql://?{urlencode(told)}"
