"""Arrays of operations are refused, told so by a code of their own, and nothing of them is done."""

import json

import pytest

from server.accounts.models import User
from tests.support.api import Api
from tests.support.graphql_errors import error_codes

REGISTER = """mutation { register(input: {email: "alice@example.org",
  password: "correct horse battery 9"}) { errors { code } } }"""


@pytest.mark.parametrize("count", [0, 1, 2])
def test_in_json(api: Api, count: int) -> None:
    body = [{"query": REGISTER}] * count

    answer = api.http.post("/graphql", body, content_type="application/json")

    assert answer.status_code == 400
    assert error_codes(answer) == ["BATCHING_NOT_SUPPORTED"]
    assert "one by one" in json.loads(answer.content)["errors"][0]["message"]
    assert User.objects.count() == 0


def test_in_a_form(api: Api) -> None:
    form = {"operations": json.dumps([{"query": REGISTER, "variables": {}}]), "map": "{}"}

    answer = api.http.post("/graphql", form)

    assert answer.status_code == 400
    assert error_codes(answer) == ["BATCHING_NOT_SUPPORTED"]
