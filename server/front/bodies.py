"""Where a body waits for its rest: memory for small ones, a file for large ones.

Of both a worker has so much, and only bytes that have come take of it: a length that is announced
costs nothing. Where files run out, the largest body that still arrives makes room.
"""

import asyncio
import tempfile
from http import HTTPStatus
from typing import BinaryIO

from server.front.refusals import Refusal

SMALL_BYTES = 256 * 1024  # most photos
MEMORY_BYTES = 16 * 2**20  # of all bodies that are not in files
FILES_IN_LARGEST_BODIES = 8
BODY_SECONDS = 15.0  # of a client that sends nothing more
MIN_BYTES_PER_SECOND = 16 * 1024


class Patience:
    """How long the rest of a body is waited for: what comes buys time, but never more than this."""

    def __init__(self, timeout: asyncio.Timeout) -> None:
        """Set the timeout of whoever waits."""
        self._timeout = timeout
        self._until = asyncio.get_running_loop().time() + BODY_SECONDS
        self._timeout.reschedule(self._until)
        self._is_ending = False

    def came(self, byte_count: int) -> None:
        """Wait longer."""
        if not self._is_ending:
            longest = asyncio.get_running_loop().time() + BODY_SECONDS
            self._until = min(self._until + byte_count / MIN_BYTES_PER_SECOND, longest)
            self._timeout.reschedule(self._until)

    def ends_in(self, seconds: float) -> None:
        """Wait no longer than this, whatever comes."""
        self._is_ending = True
        self._timeout.reschedule(asyncio.get_running_loop().time() + seconds)


class Room:
    """What the bodies of a worker may take, in bytes."""

    def __init__(self, max_body_bytes: int) -> None:
        self.memory_left = MEMORY_BYTES
        self.files_left = FILES_IN_LARGEST_BODIES * max_body_bytes
        self.arriving: set[Body] = set()

    def make_for(self, asking: "Body", byte_count: int) -> None:
        """Have room in files for more of a body.

        Raises:
            Refusal: it is the largest of those that arrive.
        """
        while self.files_left < byte_count:
            largest = max(self.arriving, key=lambda body: body.in_file_bytes, default=asking)
            if largest.in_file_bytes <= asking.in_file_bytes:
                raise no_room()
            largest.give_up()


class Body:
    """A body that arrives, and then stays until it is closed."""

    def __init__(self, room: Room) -> None:
        """Take of `room` as much as comes."""
        self._room = room
        self._pieces: list[bytes] = []
        self._in_memory_bytes = 0
        self._file: BinaryIO | None = None
        self.in_file_bytes = 0
        self.is_given_up = False
        self.patience: Patience | None = None  # of whoever waits for the rest

    @property
    def byte_count(self) -> int:
        """How much has come."""
        return self._in_memory_bytes + self.in_file_bytes

    async def add(self, piece: bytes) -> None:
        """Take in what has come.

        Raises:
            Refusal: there is no room.
        """
        size = len(piece)
        is_small = self.byte_count + size <= SMALL_BYTES and self._room.memory_left >= size
        if is_small and self._file is None:
            self._pieces.append(piece)
            self._in_memory_bytes += size
            self._room.memory_left -= size
            return
        pieces, self._pieces = [*self._pieces, piece], []
        size += self._in_memory_bytes
        self._room.make_for(self, size)
        self._room.memory_left += self._in_memory_bytes
        self._in_memory_bytes = 0
        self._room.files_left -= size
        self.in_file_bytes += size
        self._room.arriving.add(self)
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
            await asyncio.to_thread(self._file.writelines, pieces)
        except OSError as error:  # the disk is full
            raise no_room() from error

    def whole(self) -> bytes | BinaryIO:
        """Return it, for nothing more comes."""
        self._room.arriving.discard(self)
        if self._file is None:
            return b"".join(self._pieces)
        self._file.seek(0)
        return self._file

    def give_up(self) -> None:
        """Make room for another."""
        self.is_given_up = True
        self._give_back()
        if self.patience is not None:
            self.patience.ends_in(0)

    def close(self) -> None:
        """Keep nothing of it."""
        self._give_back()
        self._pieces = []
        if self._file is not None:
            self._file.close()

    def _give_back(self) -> None:
        self._room.arriving.discard(self)
        self._room.memory_left += self._in_memory_bytes
        self._room.files_left += self.in_file_bytes
        self._in_memory_bytes = self.in_file_bytes = 0


def no_room() -> Refusal:
    """Return what is said where there is no room."""
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Busy; try again soon.")
