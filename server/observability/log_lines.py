"""A log record as one line of JSON.

Written by hand because it is a list of what may be logged: libraries put every attribute of a
record into the line, and Django attaches the whole request to some, whose address may hold a
document with a password.
"""

import json
import logging
import re
from datetime import UTC, datetime

import orjson

from server.observability.request_facts import facts

# No line tells where in the code or in which thread it was logged, and to look for it takes longer
# than writing it (https://docs.python.org/3/howto/logging.html#optimization).
logging._srcfile = None  # noqa: SLF001 - as Python's guide has it
logging.logThreads = False
logging.logAsyncioTasks = False  # type: ignore[attr-defined] # newer than the annotations

DETAILS = "details"  # the attribute with further members: `logger.info(…, extra={DETAILS: {…}})`


# How gunicorn begins what it tells of a request; addresses and parts of the request follow.
_ABOUT_A_REQUEST = re.compile(r"(Invalid|Error handling) (request|connection)\b")


class NoRequestText(logging.Filter):
    """Leaves of gunicorn's lines about a request that there was one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Cut the line."""
        if record.name == "gunicorn.error":
            told = _ABOUT_A_REQUEST.match(record.getMessage())
            if told is not None:
                record.msg, record.args = told[0], ()
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as time, level, logger, message, process, request id, details, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        request_id = facts().request_id
        if request_id:
            line["request_id"] = request_id
        line |= getattr(record, DETAILS, {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(line, default=str).decode()
        except orjson.JSONEncodeError:  # text that UTF-8 has no bytes for, such as a file's name
            return json.dumps(line, default=str)
