"""What a request came to: an answer, a refusal with a code, a broken line, or what must not be."""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.connection import Reply

JSON_MEDIA_TYPES = {"application/json", "application/graphql-response+json"}


@dataclass(frozen=True)
class Failure:
    """Why a request was not answered. `is_clear` is False for what no client should ever see."""

    kind: str
    is_clear: bool = True


def outcome(send: Callable[[], Reply]) -> dict[str, Any] | Failure:
    """Send a request and return the `data` of its answer, or why there is none."""
    try:
        reply = send()
    except ConnectionRefusedError:
        return Failure("refused connection")
    except TimeoutError:
        return Failure("no answer in time", is_clear=False)
    except (OSError, http.client.HTTPException):
        return Failure("cut connection")
    return _read(reply)


def _read(reply: Reply) -> dict[str, Any] | Failure:
    if b"Traceback" in reply.body:
        return Failure("stack trace", is_clear=False)
    if reply.media_type not in JSON_MEDIA_TYPES:
        return Failure(f"{reply.status} {reply.media_type}", is_clear=False)
    try:
        answer = json.loads(reply.body)
        if not answer.get("errors"):
            return dict(answer["data"])
        return Failure(str(answer["errors"][0]["extensions"]["code"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Failure(f"{reply.status} without a code", is_clear=False)
