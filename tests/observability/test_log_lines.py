import json
import logging
import sys

import pytest

from server.observability.log_lines import DETAILS, JsonFormatter
from server.observability.request_facts import facts, request_facts

FORMAT = JsonFormatter().format


def record(message: str = "It happened to %s.", **attributes: object) -> logging.LogRecord:
    made = logging.LogRecord("a.logger", logging.WARNING, "file.py", 1, message, ("Bob",), None)
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def test_a_record_is_one_line_of_json() -> None:
    line = FORMAT(record("It happened\nto %s."))

    assert "\n" not in line
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told.pop("process") > 0
    assert told == {
        "level": "WARNING",
        "logger": "a.logger",
        "message": "It happened\nto Bob.",
    }


def test_details_are_told_and_other_attributes_are_not() -> None:
    told = json.loads(FORMAT(record(request="the whole request", **{DETAILS: {"status": 200}})))

    assert told["status"] == 200
    assert "request" not in told


def test_an_exception_is_told_with_its_traceback() -> None:
    try:
        int("an odd value")
    except ValueError:
        told = json.loads(FORMAT(record(exc_info=sys.exc_info())))

    assert told["exception"].startswith("Traceback")
    assert told["exception"].endswith("'an odd value'")


def test_what_is_logged_while_answering_has_the_id_of_the_request() -> None:
    with request_facts("the-id"):
        assert json.loads(FORMAT(record()))["request_id"] == "the-id"
    assert "request_id" not in json.loads(FORMAT(record()))


def test_the_facts_of_a_request_end_with_it() -> None:
    with request_facts(None) as first:
        facts().user_id = 7
        assert first.user_id == 7
    with request_facts(None) as second:
        assert second.user_id is None
        assert second.request_id != first.request_id


def test_facts_outside_of_a_request_are_nobodys() -> None:
    facts().user_id = 7

    assert facts().user_id is None


def test_the_time_of_a_query_counts_even_where_it_fails() -> None:
    def failing(*_arguments: object) -> None:
        raise RuntimeError("no database")

    with request_facts(None) as told, pytest.raises(RuntimeError):
        told.time_query(failing, "SELECT 1", (), False, {})  # noqa: FBT003 - Django's signature
    assert told.queries == 1


def test_text_that_is_no_utf8_is_told_all_the_same() -> None:
    told = json.loads(FORMAT(record("The file \udcff is by %s.")))

    assert told["message"] == "The file \udcff is by Bob."
