"""Counts the segments and scans of a JPEG, so that a small file cannot ask for hours of work.

Each further scan passes over all coefficients again: at 25 million pixels 19 ms for a scan of 42
bytes, over an hour for a file of 10 MB, and the decoder has no limit of its own. ISO/IEC 10918-1
(ITU-T T.81), annex B, defines the markers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A photo has 1 to about 20 scans; its segments are few, but for a profile cut into pieces.
MAX_SCANS = 100
MAX_SEGMENTS = 1000

# In coded data 0xFF stands before a zero (a literal 0xFF) or a restart marker (0xD0 to 0xD7).
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
_END_OF_IMAGE = 0xD9
_START_OF_SCAN = 0xDA
_START_OF_IMAGE_BYTES = 2


def is_excessive(jpeg_bytes: bytes) -> bool:
    """Return whether the first image in ``jpeg_bytes`` has more scans or segments than allowed."""
    scans = 0
    for segments, code in enumerate(_markers(jpeg_bytes), start=1):
        scans += code == _START_OF_SCAN
        if scans > MAX_SCANS or segments > MAX_SEGMENTS:
            return True
    return False


def count_scans(jpeg_bytes: bytes) -> int:
    """Return how many scans the first image has; more than one are decoded all together."""
    return sum(code == _START_OF_SCAN for code in _markers(jpeg_bytes))


def _markers(jpeg_bytes: bytes) -> Iterator[int]:
    """Yield the codes of the markers up to the end of the first image."""
    position = _START_OF_IMAGE_BYTES
    while marker := _MARKER.search(jpeg_bytes, position):
        code = marker[1][0]
        if code == _END_OF_IMAGE:
            return
        yield code
        length = int.from_bytes(jpeg_bytes[marker.end() : marker.end() + 2], "big")
        position = marker.end() + length
