"""A request is executed once, however late it fails: what failed is told, and not tried again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection

from server.api.answering import forget_plans
from tests.support.api import Api

pytestmark = pytest.mark.django_db

TWO_PAGES = """{ viewer { one: history(first: 1) { edges { cursor } }
                      two: history(first: 2) { edges { cursor } } } }"""


class FailsAt:
    """Lets so many statements about predictions through, and none after them."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = 0

    def __call__(
        self,
        execute: Callable[..., object],
        sql: str,
        *further: Any,  # noqa: ANN401
    ) -> object:
        self.seen += "predictions_prediction" in sql
        if self.seen == self.number:
            raise OperationalError("the database went away")
        return execute(sql, *further)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("calls", [0, 1, 2], ids=["executed", "planned", "planned before"])
def test_a_page_that_fails_late_is_told(alice: Api, number: int, calls: int) -> None:
    forget_plans()
    for _ in range(calls):
        assert alice.execute(TWO_PAGES).codes == []
    fails = FailsAt(number)
    with connection.execute_wrapper(fails):
        answer = alice.execute(TWO_PAGES)

    assert answer.codes == ["BUSY"]
    assert answer.body["data"] == {"viewer": None}
    (error,) = answer.body["errors"]
    assert error["path"] == ["viewer", ["one", "two"][number - 1], "edges"]
    assert fails.seen == number
