"""One request on its way in: its bytes so far, how many more will come, and until when."""

import re
import time
from collections import deque

from gunicorn.http.unreader import SocketUnreader

MAX_HEAD_BYTES = 32 * 1024
IDLE_SECONDS = 5.0  # until the first byte, also of the next request on a kept connection
HEAD_SECONDS = 10.0
BODY_SECONDS = 15.0  # and then no less than
MIN_BYTES_PER_SECOND = 16 * 1024

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_CODED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
_EXPECTS = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r$", re.IGNORECASE | re.MULTILINE)


class Arrival:
    """What has come of a request, and what is still to come.

    It looks at the head just far enough to know where the body ends; whether the head is a good one
    is the parser's to say.
    """

    def __init__(self, max_body_bytes: int) -> None:
        self.pieces: deque[bytes] = deque()
        self.received = 0
        self.body_bytes: int | None = None  # how long the body will be, once the head is here
        self.head_bytes = 0  # how long the head is, once it is here
        self.is_cut_short = False  # the body is not waited for: too long, or of unknown length
        self.waits_for_continue = False
        self.paused_since: float | None = None
        self._max_body_bytes = max_body_bytes
        self._changed = time.monotonic()

    def add(self, piece: bytes) -> None:
        """Take in what has just come."""
        if not self.received:
            self._changed = time.monotonic()
        self.pieces.append(piece)
        self.received += len(piece)
        if self.body_bytes is None:
            self._look_for_the_end_of_the_head()

    @property
    def is_head_too_large(self) -> bool:
        """Whether more has come than a head may have, and no end of it."""
        return self.body_bytes is None and self.received > MAX_HEAD_BYTES

    @property
    def is_whole(self) -> bool:
        """Whether nothing more is waited for."""
        return self.body_bytes is not None and self.received >= self.head_bytes + self.body_bytes

    @property
    def deadline(self) -> float:
        """When (`time.monotonic`) patience ends; a body that comes steadily may take its time."""
        if not self.received:
            return self._changed + IDLE_SECONDS
        if self.body_bytes is None:
            return self._changed + HEAD_SECONDS
        return self._changed + BODY_SECONDS + self.received / MIN_BYTES_PER_SECOND

    def continue_from_now(self) -> None:
        """Forget the time that it was not listened to."""
        self.paused_since = None
        self._changed = time.monotonic()

    def _look_for_the_end_of_the_head(self) -> None:
        if len(self.pieces) > 1:
            self.pieces = deque([b"".join(self.pieces)])
        head, end, _ = self.pieces[0].partition(_END_OF_HEAD)
        if not end:
            return
        head += b"\r\n"
        self.head_bytes = len(head) + 2
        self._changed = time.monotonic()
        length = _LENGTH.search(head)
        self.body_bytes = int(length[1]) if length else 0
        if _CODED.search(head) or self.body_bytes > self._max_body_bytes:
            self.is_cut_short = True
            self.body_bytes = 0
        self.waits_for_continue = bool(_EXPECTS.search(head)) and not self.is_cut_short


class ArrivedUnreader(SocketUnreader):  # type: ignore[misc] # gunicorn has no annotations
    """Gives the parser what has arrived, piece by piece, and only then what is on the socket."""

    def __init__(self, sock: object) -> None:
        super().__init__(sock)
        self.pieces: deque[bytes] = deque()

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return the next piece, which is then held here no longer."""
        if self.pieces:
            return self.pieces.popleft()
        return bytes(super().chunk(size_hint))

    def take_rest(self) -> list[bytes]:
        """Return what nobody has read: the beginning of the next request."""
        rest = [self.take_buffered(), *self.pieces]
        self.pieces.clear()
        return [piece for piece in rest if piece]
