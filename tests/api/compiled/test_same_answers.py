"""Compiled selections answer what the executor answers, or decline: for random documents."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from strawberry.types import ExecutionResult

from server.accounts.identity import Identity
from server.accounts.models import ApiToken, Scope, User
from server.accounts.tokens import create_token, token_digest
from server.api.compiled.plan import answer_of, compiled_answer, question_of
from server.api.context import Context
from server.api.http.request import GraphQLRequest
from server.api.schema import schema
from server.postgres.statements import fetch
from server.predictions.models import Prediction
from tests.support.context import context_of
from tests.support.selections import NODE, object_of, under
from tests.support.stored import SERVED, model_version, store_predictions

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 1, tzinfo=UTC)
LABELS = ["lynx", "tiger cat", 'a "quoted" näme']
PAGE_INFO_LEAVES = ["startCursor", "endCursor", "hasNextPage", "hasPreviousPage", "__typename"]
USER_LEAVES = ["id", "email", "dateJoined", "__typename"]


@pytest.fixture(scope="module")
def user(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A user whose predictions have equal confidences, equal moments and several models."""
    with django_db_blocker.unblock():
        user = User.objects.create_user("compiled@example.org")
        versions = [model_version(), model_version("retired", "1"), model_version("retired", "2")]
        rows = [
            {
                "label": LABELS[number % 3],
                "confidence": (number * 7 % 11) / 11,
                "created_at": START + timedelta(seconds=number // 2, microseconds=number % 5),
                "scores": [[f"label {place}", 1 / (place + 2)] for place in range(10)],
                "model_version": versions[number % 3],
            }
            for number in range(60)
        ]
        store_predictions(user, rows)
        store_predictions(User.objects.create_user("other@example.org"), rows[:5])
    try:
        yield user
    finally:
        with django_db_blocker.unblock():
            Prediction.objects.all().delete()
            User.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE predictions_modelversion CASCADE")


@pytest.fixture(scope="module")
def token(user: User, django_db_blocker: DjangoDbBlocker) -> str:
    """The secret of a token of the user."""
    with django_db_blocker.unblock():
        return create_token(user, name="pages", scopes=[Scope.READ], expires_at=None)[1]


EDGES = object_of("PredictionEdge", ["cursor", "__typename"], under("node", NODE))
CONNECTION = object_of(
    "PredictionConnection",
    ["totalCount", "__typename"],
    under("edges", EDGES),
    under("pageInfo", object_of("PageInfo", PAGE_INFO_LEAVES)),
)
ARGUMENTS = "first: $first, after: $after, last: $last, before: $before, filter: $filter"
FIXED = st.sampled_from(["", "NEWEST", "LEAST_CONFIDENT"]).map(
    lambda order: (
        order and f"fixed: history(first: 3, orderBy: {order}) {{ edges {{ node {{ id }} }} }}"
    )
)
VIEWER = st.tuples(object_of("User", USER_LEAVES), CONNECTION, FIXED).map(
    lambda drawn: (
        "query Page($first: Int, $after: String, $last: Int, $before: String, "
        "$filter: HistoryFilter, $order: HistoryOrder!) { "
        f"viewer {drawn[0]} viewer {{ history({ARGUMENTS}, orderBy: $order) {drawn[1]} "
        f"{drawn[2]} }} }}"
    )
)
MOMENTS = st.integers(-5, 40).map(lambda second: (START + timedelta(seconds=second)).isoformat())
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "model": st.sampled_from([SERVED.name, "retired", "none", None]),
        "label": st.sampled_from([*LABELS, "none", None]),
        "minConfidence": st.sampled_from([0, 0.5, 1, 2, None]),
        "maxConfidence": st.sampled_from([0, 0.5, 1, None]),
        "createdAfter": MOMENTS,
        "createdBefore": MOMENTS,
    },
)
SIZES = st.none() | st.integers(0, 9) | st.sampled_from([-1, 100, 101])
WINDOWS = st.fixed_dictionaries(
    {
        "first": SIZES,
        "last": st.none() | st.none() | SIZES,
        "filter": st.none() | FILTERS,
        "order": st.sampled_from(["NEWEST", "OLDEST", "MOST_CONFIDENT", "LEAST_CONFIDENT"]),
    }
)
CURSORS = """query ($order: HistoryOrder!) {
  viewer { history(first: 60, orderBy: $order) { edges { cursor } } }
}"""


def executed(user: User, document: str, variables: dict[str, Any]) -> ExecutionResult:
    result = schema.execute_sync(
        document, variable_values=variables, context_value=context_of(user)
    )
    assert isinstance(result, ExecutionResult)
    return result


@settings(max_examples=250, deadline=None)
@given(
    document=VIEWER,
    variables=WINDOWS,
    after=st.none() | st.integers(0, 59),
    before=st.none() | st.integers(0, 59),
)
def test_a_compiled_answer_is_the_executors(
    user: User,
    token: str,
    document: str,
    variables: dict[str, Any],
    after: int | None,
    before: int | None,
) -> None:
    listed = executed(user, CURSORS, {"order": variables["order"]}).data
    assert listed is not None
    edges = listed["viewer"]["history"]["edges"]
    variables |= {
        "after": None if after is None else edges[after]["cursor"],
        "before": None if before is None else edges[before]["cursor"],
    }
    expected = executed(user, document, variables)
    request = GraphQLRequest(document, variables, None)
    answer = compiled_answer(request, context_of(user))

    if expected.errors:
        assert answer is None
    else:
        assert answer is not None
        assert orjson.dumps(answer) == orjson.dumps(expected.data)
        assert orjson.dumps(answered_with_token(request, user, token)) == orjson.dumps(answer)


def answered_with_token(request: GraphQLRequest, user: User, secret: str) -> dict[str, Any] | None:
    """Answer as `server.front.pages` does: by the statement that finds the token and the page."""
    question = question_of(request)
    assert question is not None
    if question.lone_page is None:
        return answer_of(question, context_of(user))
    found = fetch(*question.lone_page.statement_with_token(token_digest(secret)))
    token, rows = question.lone_page.found_with_token(found)
    assert token is not None
    context = Context(context_of(user).request, Identity(token.user, token))
    return answer_of(question, context, rows)


PAGE = "viewer { history(first: 1) { edges { node { id } } } }"


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { history(first: 1) { edges { node { id @skip(if: true) label } } } } }",
        "{ viewer { history(first: 1) @include(if: false) { totalCount } id } }",
        """{ viewer { history(first: 1) { ...Rows @skip(if: true) totalCount } } }
        fragment Rows on PredictionConnection { edges { node { id } } }""",
        "{ viewer { history(first: 1) { edges { node { model { labelCount } } } } } }",
        "{ viewer { quota { limit } history(first: 1) { totalCount } } }",
        f"{{ {PAGE} models {{ name }} }}",
        f"query One {{ {PAGE} }} query Two {{ {PAGE} }}",
        """query ($n: Int!) {
          viewer { history(first: 1) { edges { node { scores(first: $n) { label } } } } }
        }""",
        "{ viewer { history(first: 1) { edges { node { scores(first: 11) { label } } } } } }",
        '{ viewer { history(first: 1, after: "nonsense") { totalCount } } }',
        "{ viewer { history(first: 1) { edges { node { none } } } } }",
        "{ viewer { history(first: 1) {",
        "mutation { clearHistory { deletedCount } }",
        "{ __typename }",
    ],
)
def test_what_is_not_plainly_a_page_is_left_to_the_executor(user: User, document: str) -> None:
    request = GraphQLRequest(document, {"n": 2}, None)
    assert compiled_answer(request, context_of(user)) is None


def test_nobody_and_a_token_without_the_scope_are_left_to_the_executor(user: User) -> None:
    request = RequestFactory().post("/graphql")
    request.user = AnonymousUser()
    page = GraphQLRequest(f"{{ {PAGE} }}", None, None)
    predicting = ApiToken(user=user, scopes=["PREDICT"])
    reading = ApiToken(user=user, scopes=["READ"])
    assert compiled_answer(page, Context(request, Identity())) is None
    assert compiled_answer(page, Context(request, Identity(user, predicting))) is None
    assert compiled_answer(page, Context(request, Identity(user, reading))) is not None
