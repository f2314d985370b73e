"""What every answer of `/graphql` that is no success has to look like."""

import json
from typing import Protocol

DOCUMENTED_CODES = frozenset(
    {
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "BATCHING_NOT_SUPPORTED",
        "BAD_USER_INPUT",
        "UNAUTHENTICATED",
        "FORBIDDEN",
        "RATE_LIMITED",
        "COST_LIMIT_EXCEEDED",
        "BUSY",
        "INTERNAL_SERVER_ERROR",
    }
)
PASSING_CODES = frozenset({"RATE_LIMITED", "BUSY"})  # the same may go well later
MEDIA_TYPES = frozenset({"application/json", "application/graphql-response+json"})
MAX_MESSAGE_CHARACTERS = 1_001  # nobody reads more, and no input is thrown back whole


class HttpAnswer(Protocol):
    """What the answers of Django's test client and of httpx have in common."""

    @property
    def headers(self) -> object: ...

    @property
    def content(self) -> bytes: ...


def error_codes(answer: HttpAnswer) -> list[str]:
    """Return the codes of an answer's errors, after checking its form and theirs."""
    media_type = str(answer.headers["Content-Type"]).split(";")[0]  # type: ignore[index]
    assert media_type in MEDIA_TYPES, answer.content[:300]
    body = json.loads(answer.content)
    assert body["errors"], body
    for error in body["errors"]:
        assert set(error) <= {"message", "locations", "path", "extensions"}, error
        waits = {"retryAfterSeconds"} if error["extensions"]["code"] in PASSING_CODES else set()
        assert set(error["extensions"]) == {"code"} | waits, error
        assert 0 < len(error["message"]) <= MAX_MESSAGE_CHARACTERS, error["message"][:300]
        assert "Traceback" not in error["message"]
    codes = [error["extensions"]["code"] for error in body["errors"]]
    assert set(codes) <= DOCUMENTED_CODES, codes
    return codes
