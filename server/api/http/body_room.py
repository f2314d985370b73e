"""How many bytes of large bodies a worker holds at once.

A worker has eight threads, and a body is held from its first byte until its photo is classified, at
times more than once: as it came, as text, as base64. Eight of the largest at once took 240 MiB of a
worker, and a service of four has half a gigabyte. So large bodies need room; small ones, which most
photos are, never wait.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from server.api.http.errors import RequestRefused

SMALL_BYTES = 2**20
ROOM_IN_LARGEST_BODIES = 1.5  # two of the largest files, or one of them as base64 and some more
RETRY_AFTER_SECONDS = 5
YOUNG = 1  # the generation of the collector that a request's objects are in, as a rule

_changed = threading.Condition()
_taken_bytes = 0


@contextmanager
def room_for_body(byte_count: int) -> Iterator[None]:
    """Wait until there is room for a body of this size, and hold it inside the `with` block.

    Nothing outside the block should refer to the body: what GraphQL executed refers to itself, and
    would hold the body until the collector happens to come, so it is called at the end.

    Raises:
        RequestRefused: there was none in time.
    """
    if byte_count <= SMALL_BYTES:
        yield
        return
    _take(byte_count)
    try:
        yield
    finally:
        gc.collect(YOUNG)
        _take_back(byte_count)


def _take(byte_count: int) -> None:
    global _taken_bytes  # noqa: PLW0603 - the memory of a process is one thing
    most = settings.MAX_REQUEST_BYTES * ROOM_IN_LARGEST_BODIES - byte_count
    with _changed:
        if not _changed.wait_for(lambda: _taken_bytes <= most, settings.MAX_WAIT_SECONDS):
            raise RequestRefused(
                503,
                "Too many large files are being sent; try again in a moment.",
                code="BUSY",
                retry_after_seconds=RETRY_AFTER_SECONDS,
            )
        _taken_bytes += byte_count


def _take_back(byte_count: int) -> None:
    global _taken_bytes  # noqa: PLW0603 - as above
    with _changed:
        _taken_bytes -= byte_count
        _changed.notify_all()
