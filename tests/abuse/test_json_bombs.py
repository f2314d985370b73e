"""The attacker wants memory and time for few bytes: JSON that becomes much, names that are long."""

import base64
import json
import time
import tracemalloc
from contextlib import suppress

import pytest
from django.http import HttpResponse

from server.api.attempt import Base64Invalid
from server.api.http.errors import RequestRefused
from server.api.http.json_text import MAX_MARKS, decode_json
from server.api.predictions.base64_text import decode_base64
from server.api.variable_limits import MAX_CHARACTERS
from server.predictions.cursors import decode_cursor
from server.predictions.errors import CursorInvalid
from tests.support.api import PREDICT
from tests.support.graphql_errors import error_codes
from tests.support.http_requests import send

MEGABYTES = 13 * 2**20
MAX_GROWTH_BYTES = 16 * 2**20  # of what is let through: 7 MiB here; 370 for a bomb, unbounded


def filled(unit: bytes) -> bytes:
    return b'{"query": "{ __typename }", "variables": {"x": [' + unit * (MEGABYTES // len(unit))


BOMBS = {
    "lists": filled(b"[],"),
    "objects": filled(b"{},"),
    "objects of one": filled(b'{"":1},'),
    "numbers": filled(b"1,"),
    "texts": filled(b'"",'),
    "texts with escapes": filled(rb'"\"[\\",'),
    "texts without an end": filled(b'"') + b"[" * MAX_MARKS,
    "depth": filled(b"["),
    "depth by objects": filled(b'{"":'),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_body_of_very_many_values_is_refused_before_one_of_them_is_made(bomb: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(RequestRefused, match="more than 25,000 values"):
        decode_json(bomb, "The body")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * len(bomb)  # which is copied where texts have escapes


def test_the_refusal_is_bad_input_and_says_how_many_are_allowed() -> None:
    answer = send("POST", BOMBS["lists"])

    assert answer.status_code == 400
    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert f"{MAX_MARKS:,}" in answer.content.decode()


def test_refusing_takes_little_more_time_than_reading_a_photo_as_large() -> None:
    # 10 ms without texts and 30 with, where the photo takes 25; 80 where every quote is escaped.
    photo = b'{"query": "{ __typename }", "variables": {"x": "' + b"A" * MEGABYTES + b'"}}'

    assert max(cpu_seconds(bomb) for bomb in BOMBS.values()) < 6 * cpu_seconds(photo)


LARGEST = {
    "lists": b"[" + b"[]," * (MAX_MARKS // 2 - 1) + b"1]",
    "objects of one": b"[" + b'{"":1},' * (MAX_MARKS // 2 - 1) + b"1]",
    "objects of an object": b"[" + b'{"k":{}},' * (MAX_MARKS // 3 - 1) + b"1]",
    "names": json.dumps({f"name{number}": 1 for number in range(MAX_MARKS - 1)}).encode(),
    "texts": json.dumps([f"text{number}" for number in range(MAX_MARKS - 1)]).encode(),
    "depth": b"[" + (b'{"a":' * 999 + b"1" + b"}" * 999 + b",") * (MAX_MARKS // 1000 - 1) + b"1]",
}


IN_TEXTS = {
    "marks": "[{," * MAX_MARKS,
    "json": json.dumps([{'"': "\\"}] * MAX_MARKS),
    "escapes": '\\"[\\\\"],' * MAX_MARKS,
}


@pytest.mark.parametrize("text", IN_TEXTS.values(), ids=IN_TEXTS)
def test_marks_within_texts_are_no_values(text: str) -> None:
    assert decode_json(json.dumps({"x": text}), "The body") == {"x": text}


@pytest.mark.parametrize(("count", "is_taken"), [(MAX_MARKS - 1, True), (MAX_MARKS, False)])
def test_values_are_counted_where_texts_hold_marks(count: int, is_taken: bool) -> None:
    values = json.dumps(['\\",[{'] + [1] * count)

    if is_taken:
        assert decode_json(values, "The body")
    else:
        with pytest.raises(RequestRefused):
            decode_json(values, "The body")


@pytest.mark.parametrize("text", LARGEST.values(), ids=LARGEST)
def test_what_is_let_through_becomes_a_few_megabytes(text: bytes) -> None:
    tracemalloc.start()
    value = decode_json(text, "The body")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert value
    assert peak < MAX_GROWTH_BYTES


def test_a_cursor_is_not_read_where_it_is_longer_than_any() -> None:
    cursor = base64.urlsafe_b64encode(b"[" + b"[]," * 2**20 + b"1]").decode()

    tracemalloc.start()
    with pytest.raises(CursorInvalid):
        decode_cursor(cursor, "created_at")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2**16


@pytest.mark.parametrize("unit", ["YWJj\n", "\r\n", "YQ== "])
def test_base64_of_many_lines_takes_no_more_memory_than_of_one(unit: str) -> None:
    text = unit * (2**21 // len(unit))

    tracemalloc.start()
    with suppress(Base64Invalid):
        decode_base64(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * len(text)


@pytest.mark.parametrize("part", ["operations", "map"])
def test_the_parts_of_a_form_are_bounded_alike(part: str) -> None:
    texts = {"operations": b'{"query": "{ __typename }"}', "map": b"{}"} | {part: BOMBS["lists"]}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + text + b"\r\n"
        for name, text in texts.items()
    ]

    answer = send(
        "POST",
        b"".join(parts) + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        enforce_csrf=False,
    )

    assert error_codes(answer) == ["BAD_USER_INPUT"]
    assert f"`{part}` holds more than {MAX_MARKS:,} values" in answer.content.decode()


def test_a_number_of_a_million_digits_is_not_worked_out() -> None:
    digits = b'{"query": "{ __typename }", "variables": {"x": ' + b"9" * 10**6 + b"}}"
    text = b'{"query": "{ __typename }", "variables": {"x": "' + b"9" * 10**6 + b'"}}'

    assert cpu_seconds(digits) < 3 * cpu_seconds(text)


HISTORY = """
query ($filter: HistoryFilter, $order: HistoryOrder, $node: ID = "") {
  node(id: $node) { id }
  viewer { history(filter: $filter, orderBy: $order) { totalCount } }
}
"""
PAGE = "query ($filter: HistoryFilter) { viewer { history(filter: $filter) { totalCount } } }"
LONG = "x" * 2**20
assert len(LONG) > MAX_CHARACTERS
TOO_LONG: dict[str, tuple[str, dict[str, object]]] = {
    "a member": (HISTORY, {"filter": {LONG: 1}}),
    "a member of a page's filter": (PAGE, {"filter": {LONG: 1}}),
    "a member beside others": (HISTORY, {"filter": {"label": "cat", LONG: 1}}),
    "a value of an enum": (HISTORY, {"order": LONG}),
    "an id": (HISTORY, {"node": LONG}),
    "a moment": (HISTORY, {"filter": {"createdAfter": LONG}}),
    "a member of a member": (PREDICT, {"input": {"image": {LONG: "YQ=="}}}),
    "a member in a list": (HISTORY, {"filter": [{LONG: 1}]}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("document", "variables"), TOO_LONG.values(), ids=TOO_LONG)
def test_a_name_or_value_too_long_to_be_one_is_refused_and_not_compared_with_any(
    document: str, variables: dict[str, object]
) -> None:
    answer = ask(document, variables)

    [error] = json.loads(answer.content)["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert f"at most {MAX_CHARACTERS:,} characters" in error["message"]


@pytest.mark.django_db
@pytest.mark.parametrize("document", [HISTORY, PAGE])  # two of the kinds that are planned
def test_many_unknown_members_cost_little_more_than_reading_them(document: str) -> None:
    # 11 seconds when each was compared with each known one: 0.05 here, and 0.01 for reading.
    unknown = {f"labl{number}": 1 for number in range(12_000)}

    assert asking_seconds(document, {"filter": unknown}) < 30 * asking_seconds(
        document, {"unasked": unknown}
    )


@pytest.mark.django_db
def test_whoever_mistypes_a_name_is_told_which_may_be_meant() -> None:
    answer = ask(HISTORY, {"filter": {"labell": "cat"}})

    assert "Did you mean 'label'" in json.loads(answer.content)["errors"][0]["message"]


def ask(document: str, variables: dict[str, object]) -> HttpResponse:
    return send("POST", json.dumps({"query": document, "variables": variables}).encode())


def asking_seconds(document: str, variables: dict[str, object]) -> float:
    return cpu_seconds(json.dumps({"query": document, "variables": variables}).encode())


def cpu_seconds(body: bytes) -> float:
    costs = []
    for _ in range(3):
        started = time.thread_time()
        send("POST", body)
        costs.append(time.thread_time() - started)
    return min(costs)
