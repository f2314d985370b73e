"""Statements of the event loop: connections of asyncpg, which prepares what it is asked again.

Whoever asks is answered soon, or told at once that nothing was asked, and is then Django's: nobody
waits here longer for a connection than a thread would take for the whole page.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from server.postgres.patience import LIMIT_STATEMENTS

if TYPE_CHECKING:
    import asyncpg

CONNECT_SECONDS = 5.0
GRACE_SECONDS = 0.5
PAUSE_SECONDS = 5.0  # after a connection failed
STALE_SECONDS = 60.0  # unused for so long, a connection may have been forgotten on its way
# A thread takes about so much longer than the loop, with others that want the interpreter as well,
# and more on a machine that is busy: that, the time of a statement tells.
LEAST_QUEUE_SECONDS = 0.005
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
        # Since when (`time.monotonic`), and which.
        self._idle: asyncio.LifoQueue[tuple[float, asyncpg.Connection]] = asyncio.LifoQueue()
        self._count = 0  # of those that are open or being opened
        self._waiting = 0  # requests
        self._opening: set[asyncio.Task[None]] = set()
        self._not_before = 0.0  # is another opened
        self._expected_seconds = 0.0

    async def fetch(self, sql: str, parameters: Sequence[Any]) -> Rows:
        """Return the rows of a statement with `$1`, `$2` … for the parameters.

        Raises:
            NotAsked: no connection is to be had soon, or a value is none of PostgreSQL's.
            NotAnswered: it failed, or took longer than is waited for.
        """
        connection = self._idle_connection() or await self._next_connection()
        import asyncpg  # `_open` has loaded it

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
            self._pause(PAUSE_SECONDS)
            raise NotAnswered from error
        finally:
            taken = time.monotonic() - started
            self._expected_seconds += (taken - self._expected_seconds) * MEMORY_OF_TIMES
            self._release(connection, is_well=is_well)
        return rows

    async def close(self) -> None:
        """Close all connections that nobody uses; no more are opened."""
        self._pause(math.inf)
        for opening in self._opening:
            opening.cancel()

    def _pause(self, seconds: float) -> None:
        """Close what nobody uses, for it may be no better, and open no other for so long."""
        self._not_before = max(self._not_before, time.monotonic() + seconds)
        while not self._idle.empty():
            self._discard(self._idle.get_nowait()[1])

    def _idle_connection(self) -> asyncpg.Connection | None:
        now = time.monotonic()
        while not self._idle.empty():
            since, connection = self._idle.get_nowait()
            if now - since < STALE_SECONDS and not connection.is_closed():
                return connection
            self._discard(connection)
        return None

    async def _next_connection(self) -> asyncpg.Connection:
        """Wait for a connection, where one will come soon."""
        if self._count < self._most and time.monotonic() >= self._not_before:
            self._count += 1
            opening = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)
        in_use = self._count - len(self._opening)
        before = self._waiting + 1
        most = max(LEAST_QUEUE_SECONDS, self._expected_seconds * QUEUE_IN_STATEMENTS)
        if in_use == 0 or before / in_use * self._expected_seconds > most:
            raise NotAsked
        self._waiting += 1
        try:
            async with asyncio.timeout(2 * most):
                return (await self._idle.get())[1]
        except TimeoutError as error:
            raise NotAsked from error
        finally:
            self._waiting -= 1

    def _release(self, connection: asyncpg.Connection, *, is_well: bool) -> None:
        if is_well and not connection.is_closed() and not math.isinf(self._not_before):
            self._idle.put_nowait((time.monotonic(), connection))
        else:
            self._discard(connection)

    def _discard(self, connection: asyncpg.Connection) -> None:
        self._count -= 1
        connection.terminate()

    async def _open(self) -> None:
        """Open a connection for whoever waits; its place is free again where there is none."""
        try:
            parameters = await asyncio.to_thread(_connection_parameters)
            import asyncpg

            connection = await asyncpg.connect(
                _address(parameters),
                timeout=CONNECT_SECONDS,
                statement_cache_size=MAX_PREPARED,
            )
            try:
                is_session = await self._begin(connection)
            except BaseException:  # nobody else knows of it, also where `close` is why
                connection.terminate()
                raise
        except UnknownOptions as error:
            logger.warning("Pages are answered by threads: asyncpg does not know %s.", error)
            self._count -= 1
            self._pause(math.inf)
        except Exception as error:  # noqa: BLE001 - whatever it is, the threads say it to somebody
            logger.info("No connection for pages: %s", type(error).__name__)
            self._count -= 1
            self._pause(PAUSE_SECONDS)
        else:
            self._release(connection, is_well=is_session)
            if not is_session:
                # What is prepared on one server process is not there on the next: a page would
                # take four ways there and back, where a thread takes one.
                logger.warning("Pages are answered by threads: there is a pooler in between.")
                self._pause(math.inf)

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


def load_driver() -> None:
    """Import asyncpg: 40 ms that a first prediction need not wait for."""
    import asyncpg  # noqa: F401 - for whoever imports it next


def _connection_parameters() -> dict[str, Any]:
    """Return what Django connects with; in a thread, for it may have to start the server.

    The driver is loaded there as well.
    """
    load_driver()
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
