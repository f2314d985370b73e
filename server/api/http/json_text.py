"""JSON from strangers."""

import json
import re
from typing import NoReturn

from server.api.http.errors import RequestRefused

# Not after an odd number of backslashes: there it is the text of an escape, as in a GraphQL string.
ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def decode_json(text: str, what: str) -> object:
    """Return what a JSON text says.

    Raises:
        RequestRefused: it is not JSON, is nested too deeply, or holds text that neither UTF-8 nor
            PostgreSQL can: lone surrogates and NUL, which JSON lets through as escapes.
    """
    try:
        value: object = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text:
            escaped_text = json.dumps(value, ensure_ascii=False)
            escaped_text.encode("utf-8")
            if ESCAPED_NUL.search(escaped_text):
                raise RequestRefused(400, f"{what} holds a NUL character.")
    except RecursionError as error:
        raise RequestRefused(400, f"{what} is nested too deeply.") from error
    except ValueError as error:
        raise RequestRefused(400, f"{what} is not JSON in UTF-8.") from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python reads and JSON does not have."""
    raise ValueError(name)
