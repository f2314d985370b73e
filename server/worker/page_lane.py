"""Requests that one statement answers, answered by the poller itself.

Handing such a request to a thread and back took as long as answering it, and eight threads keep
eight connections, none of which has its memory in the caches. So the poller asks PostgreSQL and
goes on polling; what comes back it sends. It never waits, and whatever is not plain, it hands over:
the thread begins anew, for nothing has been changed.
"""

import io
import time
from collections.abc import Callable
from functools import lru_cache, partial
from selectors import BaseSelector
from typing import Any, Protocol

from gunicorn import util
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn

from server.postgres.nonblocking import NonblockingStatements, Rows, Statement
from server.worker.arrival import Arrival, ArrivedUnreader

MAX_BODY_BYTES = 4 * 1024
MAX_REMEMBERED_HEADS = 256
MAX_REMEMBERED_BYTES = 2 * 1024
BEGINNING = b"POST /graphql HTTP/1.1\r\n"
UNUSUAL = {"EXPECT", "UPGRADE", "TRANSFER-ENCODING", "CONTENT-ENCODING", "ORIGIN"}
# Of one connection, or made anew for each request.
PARTICULAR = ("gunicorn.socket", "wsgi.early_hints", "wsgi.errors", "wsgi.input", "REMOTE_PORT")

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Answer = tuple[Headers, bytes]


class Begun(Protocol):
    """A request that waits for what its statement finds."""

    statement: Statement | None

    def answer_from(self, found: Rows, database_ms: float) -> Answer | None:
        """Return the headers and the body of the answer, or None where it takes more."""


class Site(Protocol):
    """What the lane belongs to."""

    cfg: Config
    poller: BaseSelector

    def send_answer(self, conn: TConn, answer: bytes) -> None:
        """Send an answer on a connection that is kept."""

    def give_to_thread(self, conn: TConn, arrival: Arrival) -> None:
        """Let a thread handle a request."""


Begin = Callable[[Environ, bytes], Begun | None]


class PageLane:
    """Of one worker; its poller's thread alone calls it."""

    def __init__(self, site: Site, begin: Begin) -> None:
        """Answer what `begin` makes of a request; None from there is a thread's."""
        self._site = site
        self._begin = begin
        self._statements = NonblockingStatements(site.poller)
        # A filter may look through a whole history, which the others must not wait for.
        self._filters = NonblockingStatements(site.poller)
        self._environs: dict[tuple[str, bytes], Environ | None] = {}

    def takes(self, conn: TConn, arrival: Arrival) -> bool:
        """Begin to answer a request that has arrived; return whether it is one for this."""
        size = arrival.body_bytes or 0
        if arrival.is_cut_short or not 0 < size <= MAX_BODY_BYTES:
            return False
        if not arrival.pieces[0].startswith(BEGINNING):
            return False
        came = b"".join(arrival.pieces)
        if len(came) != arrival.head_bytes + size:  # cut off, or the next one has come as well
            return False
        template = self._environ(conn, came[: arrival.head_bytes])
        if template is None:
            return False
        body = came[arrival.head_bytes :]
        begun = self._begin({**template, "wsgi.input": io.BytesIO(body)}, body)
        if begun is None or begun.statement is None:
            return False
        statements = self._statements if begun.statement.keeps_plan else self._filters
        return statements.ask(begun.statement, partial(self._answer, conn, arrival, begun))

    def check(self) -> None:
        """Hand over what waits too long; to be called now and then."""
        self._statements.check()
        self._filters.check()

    def close(self) -> None:
        """Close the connections to PostgreSQL."""
        self._statements.close()
        self._filters.close()

    def _answer(
        self, conn: TConn, arrival: Arrival, begun: Begun, found: Rows | None, database_ms: float
    ) -> None:
        try:
            answer = None if found is None else begun.answer_from(found, database_ms)
        except Exception:  # noqa: BLE001 - a thread meets it again, and tells
            answer = None
        if answer is None:
            self._site.give_to_thread(conn, arrival)
        else:
            headers, content = answer
            self._site.send_answer(conn, _head(headers) + content)

    def _environ(self, conn: TConn, head: bytes) -> Environ | None:
        """Return the environment of a request as gunicorn makes it of its head; None: a thread's.

        The same client sends the same head again and again: it is parsed once.
        """
        if len(head) > MAX_REMEMBERED_BYTES:
            return self._parsed(conn, head)
        host = conn.client[0] if isinstance(conn.client, tuple) else conn.client  # of a Unix socket
        key = str(host), head
        if key not in self._environs:
            if len(self._environs) == MAX_REMEMBERED_HEADS:
                self._environs.clear()
            self._environs[key] = self._parsed(conn, head)
        return self._environs[key]

    def _parsed(self, conn: TConn, head: bytes) -> Environ | None:
        unreader = ArrivedUnreader(conn.sock)
        unreader.pieces.append(head)
        try:
            request = Request(self._site.cfg, unreader, conn.client, req_number=2)
            names = {name for name, _ in request.headers}
            if request.should_close() or not UNUSUAL.isdisjoint(names):
                return None
            _, environ = wsgi.create(request, conn.sock, conn.client, conn.server, self._site.cfg)
        except Exception:  # noqa: BLE001 - a thread meets it again, and tells
            return None
        return {name: value for name, value in environ.items() if name not in PARTICULAR}


def _head(headers: Headers) -> bytes:
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return f"{_beginning(int(time.time()))}{lines}\r\n".encode("latin-1")


@lru_cache(maxsize=1)
def _beginning(second: int) -> str:
    """Return what gunicorn begins an answer with."""
    date = util.http_date(second)
    return f"HTTP/1.1 200 OK\r\nServer: {wsgi.SERVER}\r\nDate: {date}\r\nConnection: keep-alive\r\n"
