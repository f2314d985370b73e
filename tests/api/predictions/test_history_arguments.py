import base64
import json

import pytest

from tests.support.api import Answer, Api
from tests.support.history_pages import HISTORY, ORDERS, read_page
from tests.support.stored import store_predictions, user_named

BY_TIME = ("NEWEST", "OLDEST")
BY_CONFIDENCE = ("MOST_CONFIDENT", "LEAST_CONFIDENT")


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.fixture
def _three_predictions(alice: Api) -> None:
    store_predictions(user_named("alice@example.org"), [{}] * 3)


def assert_bad_input(answer: Answer, *words: str) -> None:
    assert answer.status == 200
    assert answer.codes == ["BAD_USER_INPUT"]
    message = answer.body["errors"][0]["message"]
    assert all(word in message for word in words), message


@pytest.mark.parametrize(("first", "last"), [(1, 1), (0, 0), (200, -1)])
def test_first_and_last_together_are_refused(alice: Api, first: int, last: int) -> None:
    answer = alice.execute(HISTORY, order="NEWEST", first=first, last=last)

    assert_bad_input(answer, "`first`", "`last`")


@pytest.mark.parametrize("argument", ["first", "last"])
@pytest.mark.parametrize("size", [-1, 101, -(2**31), 2**31 - 1])
def test_a_size_out_of_range_is_refused(alice: Api, argument: str, size: int) -> None:
    answer = alice.execute(HISTORY, order="NEWEST", **{argument: size})

    assert_bad_input(answer, f"`{argument}`", "0 and 100", str(size))


@pytest.mark.parametrize("size", [2**31, 1.5, "5", True, [5, 5]])
def test_a_size_that_is_no_int_is_refused(alice: Api, size: object) -> None:
    answer = alice.execute(HISTORY, order="NEWEST", first=size)

    assert_bad_input(answer, "first")


@pytest.mark.usefixtures("_three_predictions")
@pytest.mark.parametrize("argument", ["first", "last"])
def test_the_largest_page_is_allowed(alice: Api, argument: str) -> None:
    assert len(read_page(alice, **{argument: 100}).ids) == 3


@pytest.mark.usefixtures("_three_predictions")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("argument", ["after", "before"])
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "garbage",
        "a",
        "é",
        "=",
        "5",
        cursor_of(""),
        cursor_of("5"),
        cursor_of("null"),
        cursor_of("{}"),
        cursor_of("[]"),
        cursor_of("[null]"),
        cursor_of("[null, null]"),
        cursor_of('["1"]'),
        cursor_of('["1", 1]'),
        cursor_of("[true]"),
        cursor_of("[true, 1]"),
        cursor_of("[0.5, true]"),
        cursor_of("[1.5]"),
        cursor_of("[-1]"),
        cursor_of("[0.5, -1]"),
        cursor_of("[0.5, 1.0]"),
        cursor_of(f"[{2**63}]"),
        cursor_of(f"[0.5, {2**63}]"),
        cursor_of(f"[{10**400}]"),
        cursor_of(f"[{10**400}, 1]"),
        cursor_of(f"[{'9' * 5_000}, 1]"),
        cursor_of("[NaN]"),
        cursor_of("[NaN, 1]"),
        cursor_of("[Infinity, 1]"),
        cursor_of("[-Infinity, 1]"),
        cursor_of("[1e999, 1]"),
        cursor_of("[-0.1, 1]"),
        cursor_of("[1.1, 1]"),
        cursor_of("[0.5, 1, 1]"),
        cursor_of("[" * 10_000),
        cursor_of('["2026-03-01T12:00:00+00:00"]'),
        cursor_of('["2026-03-01T12:00:00+00:00", "1"]'),
        cursor_of('["2026-03-01T12:00:00+00:00", -1]'),
        cursor_of(f'["2026-03-01T12:00:00+00:00", {2**63}]'),
        cursor_of('["2026-03-01T12:00:00+02:00", 1]'),
        cursor_of('["2026-03-01T12:00:00", 1]'),
        cursor_of('["2026-02-30T12:00:00+00:00", 1]'),
        cursor_of('["10000-01-01T00:00:00+00:00", 1]'),
        cursor_of('["", 1]'),
        cursor_of('["\\u0000", 1]'),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        cursor_of('["2026-03-01T12:00:00+00:00", 1' + " " * 60 + "]"),  # right, but for its length
    ],
    ids=lambda cursor: cursor[:24],
)
def test_what_is_no_cursor_is_refused(alice: Api, order: str, argument: str, cursor: str) -> None:
    answer = alice.execute(HISTORY, order=order, **{argument: cursor})

    assert_bad_input(answer, "cursor")


@pytest.mark.usefixtures("_three_predictions")
@pytest.mark.parametrize(
    ("given", "taken"),
    [(time, confidence) for time in BY_TIME for confidence in BY_CONFIDENCE]
    + [(confidence, time) for time in BY_TIME for confidence in BY_CONFIDENCE],
)
def test_the_cursor_of_another_order_is_refused(alice: Api, given: str, taken: str) -> None:
    cursor = read_page(alice, given).cursors[0]

    assert_bad_input(alice.execute(HISTORY, order=taken, after=cursor), "order")


@pytest.mark.usefixtures("_three_predictions")
@pytest.mark.parametrize("orders", [BY_TIME, BY_CONFIDENCE])
def test_the_cursor_of_the_reverse_order_is_the_same_place(
    alice: Api, orders: tuple[str, str]
) -> None:
    there, back = orders
    page = read_page(alice, there)

    reverse = read_page(alice, back, after=page.cursors[1])

    assert reverse.ids == page.ids[:1]


@pytest.mark.usefixtures("_three_predictions")
@pytest.mark.parametrize("order", ORDERS)
def test_the_extremes_of_what_a_cursor_can_say_are_places_like_any_other(
    alice: Api, order: str
) -> None:
    extremes = [
        ["0001-01-01T00:00:00+00:00", 0] if order in BY_TIME else [0.0, 0],
        ["9999-12-31T23:59:59.999999+00:00" if order in BY_TIME else 1.0, 2**63 - 1],
    ]
    first, last = extremes if order in {"OLDEST", "LEAST_CONFIDENT"} else extremes[::-1]

    from_front = read_page(alice, order, after=cursor_of(json.dumps(first)))
    from_back = read_page(alice, order, after=cursor_of(json.dumps(last)))

    assert len(from_front.ids) == 3
    assert from_back.ids == ()


def test_an_order_that_is_none_is_refused(alice: Api) -> None:
    assert_bad_input(alice.execute(HISTORY, order="WISEST"), "WISEST")
    assert_bad_input(alice.execute(HISTORY, order=None), "order")


def test_the_lists_of_a_request_have_a_budget_together(alice: Api) -> None:
    def pages(count: int) -> str:
        pages = " ".join(
            f"p{number}: history(first: 100) {{ edges {{ cursor }} }}" for number in range(count)
        )
        return f"{{ viewer {{ {pages} }} }}"

    assert alice.execute(pages(20)).codes == []
    answer = alice.execute(pages(21))
    assert answer.codes == ["COST_LIMIT_EXCEEDED"]
    assert "2000" in answer.body["errors"][0]["message"]


def test_the_budget_counts_what_stands_in_variables(alice: Api) -> None:
    document = """query ($n: Int!) { viewer {
      statistics { byLabel(first: $n) { count } perDay(last: $n) { count } }
      history(first: 100) { edges { node { model { labels(first: 1000) } } } }
    } }"""
    store_predictions(user_named("alice@example.org"), [{}] * 2)

    assert alice.execute(document, n=366).codes == ["COST_LIMIT_EXCEEDED"]
