"""What a request came to."""

import json

import pytest

from faults.replies import Failure, outcome
from harness.connection import Reply


def reply(body: object, *, status: int = 200, media_type: str = "application/json") -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, media_type, content, {})


def test_an_answer_is_its_data() -> None:
    assert outcome(lambda: reply({"data": {"viewer": None}})) == {"viewer": None}


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (reply({"errors": [{"extensions": {"code": "BUSY"}}]}, status=503), Failure("BUSY")),
        (
            reply({"errors": [{"message": "no code"}]}, status=500),
            Failure("500 without a code", is_clear=False),
        ),
        (
            reply(b"<h1>Server Error</h1>", status=500, media_type="text/html"),
            Failure("500 text/html", is_clear=False),
        ),
        (
            reply(b'{"errors": "Traceback (most recent call last)"}'),
            Failure("stack trace", is_clear=False),
        ),
        (reply(b"{"), Failure("200 without a code", is_clear=False)),
    ],
)
def test_a_failure_without_a_code_is_not_clear(answer: Reply, failure: Failure) -> None:
    assert outcome(lambda: answer) == failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ConnectionRefusedError(), Failure("refused connection")),
        (ConnectionResetError(), Failure("cut connection")),
        (TimeoutError(), Failure("no answer in time", is_clear=False)),
    ],
)
def test_a_broken_line_is_a_failure(error: OSError, failure: Failure) -> None:
    def send() -> Reply:
        raise error

    assert outcome(send) == failure
