"""Cursors: the place of a row in an order, as an opaque text.

A cursor holds the row's sort key, a moment or a confidence, and its id.
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from server.predictions.errors import CursorInvalid

SortValue = datetime | float
REMEMBERED = 64
MAX_CHARACTERS = 100  # of a cursor; the longest has 80


def encode_cursor(value: SortValue, identifier: int) -> str:
    """Return the cursor of a row."""
    # JSON, written by hand: a page has one for each of its rows.
    first = f'"{value.isoformat()}"' if isinstance(value, datetime) else repr(value)
    return base64.urlsafe_b64encode(f"[{first}, {identifier}]".encode()).decode()


def decode_cursor(cursor: str, column: str) -> tuple[SortValue, int]:
    """Return the sort key in the cursor of an order by `column`.

    Raises:
        CursorInvalid: `encode_cursor` never made it, or for another column.
    """
    if len(cursor) > MAX_CHARACTERS:  # before it is taken for JSON, of which a little can be much
        raise CursorInvalid
    return _decoded(cursor, column)


@lru_cache(maxsize=REMEMBERED)  # a page asks for its own more than once
def _decoded(cursor: str, column: str) -> tuple[SortValue, int]:
    try:
        value, identifier = json.loads(
            base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        )
        key = _READERS[column](value)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise CursorInvalid from error
    if type(identifier) is not int or not 0 <= identifier < 2**63:
        raise CursorInvalid
    return key, identifier


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.utcoffset() != timedelta(0):
        raise ValueError(value)
    return moment


def _confidence(value: float) -> float:
    if type(value) is not float or not 0 <= value <= 1:
        raise ValueError(value)
    return value


_READERS: dict[str, Callable[..., SortValue]] = {
    "created_at": _moment,
    "confidence": _confidence,
}
