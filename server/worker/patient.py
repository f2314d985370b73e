"""gthread that lets no client make a thread wait.

gunicorn's own gives a connection to a thread as soon as it is there, and the thread waits: for the
first byte, for the rest of the head, for a body that may come at a byte a second, and its poller
waits for clients to close. A few dozen slow ones are enough to stop everything. Here the poller
receives, within limits of time and memory, and a thread gets a request that is whole.
"""

import errno
import json
import math
import socket
import struct
import time
from functools import partial
from http import HTTPStatus
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from server.worker.arrival import Arrival, ArrivedUnreader
from server.worker.page_lane import PageLane
from server.worker.share import Share

if TYPE_CHECKING:
    from concurrent.futures import Future

PIECE_BYTES = 256 * 1024
SMALL_BODIES_BYTES = 2 * 2**20
MAX_PAUSE_SECONDS = 10.0  # for memory that other requests hold
STALL_SECONDS = 20  # of a client that does not read its answer
LINGER_SECONDS = 2.0  # for a client to read its last answer and close
MAX_LINGER_BYTES = 16 * 1024 * 1024  # of a body nobody wants
CHECK_SECONDS = 0.5
SIGN_SECONDS = 1.0
GIVE_WAY_SECONDS = 0.001  # to workers with fewer connections
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class PatientWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no annotations
    """Receives requests in its poller, the longest body that is accepted at least."""

    def init_process(self) -> None:
        """Start with no connection."""
        from django.conf import settings

        self.max_body_bytes = int(settings.MAX_REQUEST_BYTES)
        # Of all bodies that arrive or are worked on: the largest upload, and many small ones.
        self.budget_bytes = self.max_body_bytes + SMALL_BODIES_BYTES
        self._arrivals: dict[TConn, Arrival] = {}
        self._claims: dict[TConn, int] = {}  # the bytes of body that a connection may hold
        self._lingering: dict[TConn, tuple[float, int]] = {}  # until when, and how much was read
        self._next_check = 0.0
        self._next_sign = 0.0
        self._share = Share(self.age)
        self._idle_until = math.inf
        self._lane: PageLane | None = None
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop."""
        super().run()
        if self._lane is not None:
            self._lane.close()

    def notify(self) -> None:
        """Show the master that the worker lives: not at every turn of the poller."""
        now = time.monotonic()
        if now >= self._next_sign:
            self._next_sign = now + SIGN_SECONDS
            super().notify()

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's signature
        """Take connections, or no more of them."""
        super().set_accept_enabled(enabled)
        if enabled:
            self._share.tell(self.nr_conns)
        else:
            self._share.leave()

    # Coming: the poller's thread alone runs all of this

    def accept(self, listener: socket.socket) -> None:
        """Take a connection and wait for its request."""
        if self._share.is_more_than_anothers():
            time.sleep(GIVE_WAY_SECONDS)
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self.log.warning("No file descriptor is left for another connection.")
            elif error.errno not in {errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK}:
                raise
            return
        self.nr_conns += 1
        self._share.tell(self.nr_conns)
        patience = struct.pack("ll", STALL_SECONDS, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        self._expect(TConn(self.cfg, client, address, listener.getsockname()))

    def _expect(self, conn: TConn) -> None:
        conn.sock.settimeout(0)
        self._arrivals[conn] = Arrival(self.max_body_bytes)
        self.poller.register(conn.sock, EVENT_READ, partial(self._receive, conn))

    def _receive(self, conn: TConn, client: socket.socket) -> None:
        try:
            piece = client.recv(PIECE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(conn)
            return
        if piece:
            self._arrivals[conn].add(piece)
            self._advance(conn)
        elif self._arrivals[conn].received:
            self._hand_over(conn)  # cut off: the application says what is wrong with it
        else:
            self._drop(conn)

    def _advance(self, conn: TConn) -> None:
        """Do what the bytes of a request that have come allow."""
        arrival = self._arrivals[conn]
        if arrival.is_head_too_large:
            self._refuse(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head is too long.")
            return
        if arrival.body_bytes is None:
            return
        if not self._claim(conn, arrival.body_bytes):
            self.poller.unregister(conn.sock)
            arrival.paused_since = time.monotonic()
            return
        if arrival.is_whole:
            self._hand_over(conn)
        elif arrival.waits_for_continue:
            arrival.waits_for_continue = False
            self._send(conn, CONTINUE)

    def _claim(self, conn: TConn, size: int) -> bool:
        if conn not in self._claims:
            if sum(self._claims.values()) + size > self.budget_bytes:
                return False
            self._claims[conn] = size
        return True

    def _hand_over(self, conn: TConn) -> None:
        """Answer a request that has arrived, or give it to a thread."""
        arrival = self._arrivals.pop(conn)
        self.poller.unregister(conn.sock)
        if not (self.alive and self._page_lane().takes(conn, arrival)):
            self.give_to_thread(conn, arrival)

    def give_to_thread(self, conn: TConn, arrival: Arrival) -> None:
        """Let a thread handle a request that has arrived."""
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = ArrivedUnreader(conn.sock)
        conn.parser.unreader.pieces.extend(arrival.pieces)
        conn.data_ready = True
        conn.is_cut_short = arrival.is_cut_short
        self.enqueue_req(conn)

    def send_answer(self, conn: TConn, answer: bytes) -> None:
        """Send an answer without a thread; the connection is kept."""
        self.nr += 1
        try:
            sent = conn.sock.send(answer)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(conn)
            return
        if sent == len(answer):
            self._forget_claim(conn)
            self._expect(conn)
            return
        finished = self.tpool.submit(self._send_rest, conn, answer[sent:])
        finished.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def _page_lane(self) -> PageLane:
        if self._lane is None:
            self._lane = PageLane(self, self.wsgi.begun)
        return self._lane

    # In a thread

    def _send_rest(self, conn: TConn, rest: bytes) -> bool:
        """Send what a client is slow to take."""
        conn.sock.settimeout(None)
        conn.sock.sendall(rest)
        return True

    def _keepalive_after(self, conn: TConn, keepalive: object) -> bool:
        """Keep no connection whose body was not received: nobody reads the rest of it."""
        return not conn.is_cut_short and bool(super()._keepalive_after(conn, keepalive))

    # Going

    def finish_request(self, conn: TConn, finished: "Future[Any]") -> None:
        """Wait for the next request of a connection, or close it."""
        self._forget_claim(conn)
        try:
            is_kept = not finished.cancelled() and bool(finished.result())
        except Exception:  # noqa: BLE001 - the handler has logged it
            is_kept = False
        if not is_kept:
            self._close(conn)
            return
        rest = conn.parser.unreader.take_rest() if conn.initialized else []
        self._expect(conn)
        for piece in rest:
            self._arrivals[conn].add(piece)
        if rest:
            self._advance(conn)

    def _forget_claim(self, conn: TConn) -> None:
        self._claims.pop(conn, None)
        for other, arrival in list(self._arrivals.items()):
            if arrival.paused_since is None or not self._claim(other, arrival.body_bytes or 0):
                continue
            arrival.continue_from_now()
            self.poller.register(other.sock, EVENT_READ, partial(self._receive, other))
            self._advance(other)

    def _refuse(self, conn: TConn, status: HTTPStatus, message: str) -> None:
        """Answer for the application, which has not seen the request."""
        code = "BUSY" if status == HTTPStatus.SERVICE_UNAVAILABLE else "BAD_USER_INPUT"
        body = json.dumps({"errors": [{"message": message, "extensions": {"code": code}}]}).encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nRetry-After: 2\r\n"
            "Connection: close\r\n\r\n"
        )
        self.log.info("A request was refused while it arrived: %s", message)
        arrival = self._arrivals.pop(conn)
        if arrival.paused_since is None:
            self.poller.unregister(conn.sock)
        self._send(conn, head.encode() + body)
        self._close(conn)

    def _send(self, conn: TConn, few_bytes: bytes) -> None:
        try:
            conn.sock.send(few_bytes)
        except OSError:
            self.log.debug("A client was gone before it was answered.")

    def _close(self, conn: TConn) -> None:
        """Say that nothing more is sent, and leave the client some time to read and to close."""
        self._forget_claim(conn)
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))
        except (OSError, ValueError):  # it is closed already
            self._end(conn)
            return
        self._lingering[conn] = (time.monotonic() + LINGER_SECONDS, 0)

    def _drain(self, conn: TConn, client: socket.socket) -> None:
        until, drained = self._lingering[conn]
        try:
            piece = client.recv(PIECE_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            piece = b""
        drained += len(piece)
        self._lingering[conn] = (until, drained)
        if not piece or drained > MAX_LINGER_BYTES:
            self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        self._lingering.pop(conn, None)
        arrival = self._arrivals.pop(conn, None)
        if arrival is None or arrival.paused_since is None:
            self.poller.unregister(conn.sock)
        self._forget_claim(conn)
        self._end(conn)

    def _end(self, conn: TConn) -> None:
        self.nr_conns -= 1
        if self._accepting:
            self._share.tell(self.nr_conns)
        conn.close()

    # The clock

    def murder_pending(self) -> None:
        """End what has taken too long; called at every turn of the poller."""
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + CHECK_SECONDS
        if self._lane is not None:
            self._lane.check()
        for conn, arrival in list(self._arrivals.items()):
            if conn not in self._arrivals:
                continue  # something that ended has given it its turn
            if arrival.paused_since is not None:
                if now > arrival.paused_since + MAX_PAUSE_SECONDS:
                    self._refuse(conn, HTTPStatus.SERVICE_UNAVAILABLE, "Busy; try again soon.")
            elif not arrival.received and now > min(arrival.deadline, self._idle_until):
                self._drop(conn)
            elif now > arrival.deadline:
                self._refuse(conn, HTTPStatus.REQUEST_TIMEOUT, "The request came too slowly.")
        self._end_lingering(now)

    def _end_lingering(self, now: float) -> None:
        for conn, (until, _) in list(self._lingering.items()):
            if now > until:
                self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Remember, when the worker stops, how long an idle connection may still send a request."""
        self._idle_until = deadline
