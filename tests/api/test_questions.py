"""A page that is read together with the token is what the executor answers, or nobody's here."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from strawberry.types import ExecutionResult

from server.accounts.identity import Identity
from server.accounts.models import Scope, User
from server.accounts.tokens import create_token, token_digest
from server.api import answering
from server.api.http.request import GraphQLRequest
from server.api.questions import Question, answer_of, known_question_of
from server.api.schema import schema
from server.postgres.statements import fetch
from server.predictions.models import Prediction
from tests.support.context import context_of
from tests.support.selections import NODE, object_of, under
from tests.support.stored import LABELS, SERVED, START, varied_history

pytestmark = pytest.mark.django_db

PAGE_INFO_LEAVES = ["startCursor", "endCursor", "hasNextPage", "hasPreviousPage", "__typename"]
USER_LEAVES = ["id", "email", "dateJoined", "__typename"]


@pytest.fixture(scope="module")
def user(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A user of a varied history."""
    with django_db_blocker.unblock(), varied_history("pages@example.org") as user:
        yield user


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


def in_a_loop(function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - as it has
    """Call a function where the front does, in a thread with an event loop."""

    async def call() -> Any:  # noqa: ANN401 - likewise
        return function(*arguments)

    return asyncio.run(call())


def question_of(document: str, variables: dict[str, Any] | None = None) -> Question | None:
    """Return what a document asks for that has come twice."""
    request = GraphQLRequest(document, variables, None)
    for _ in range(2):
        answering._ready(request)
    return in_a_loop(known_question_of, request)


@settings(max_examples=200, deadline=None)
@given(
    document=VIEWER,
    variables=WINDOWS,
    after=st.none() | st.integers(0, 59),
    before=st.none() | st.integers(0, 59),
)
def test_a_lone_page_is_what_the_executor_answers(
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
    question = question_of(document, variables)
    if question is None:
        return
    found = fetch(*question.page.statement_with_token(token_digest(token)))
    identified, rows = question.page.found_with_token(found)
    assert identified is not None
    given = (context_of(user).request, Identity(identified.user, identified), rows)
    expected = executed(user, document, variables)
    assert expected.errors is None
    assert orjson.dumps(in_a_loop(answer_of, question, *given)) == orjson.dumps(expected.data)


PAGE = "history(first: 1) { edges { node { id } } }"


def test_one_page_is_a_question() -> None:
    assert question_of(f"{{ viewer {{ email {PAGE} }} models {{ name }} }}") is not None


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { email } }",
        "{ viewer { history(first: 1) { totalCount edges { node { id } } } } }",
        "{ viewer { history(first: 1) { pageInfo { hasPreviousPage } } } }",
        f"{{ viewer {{ {PAGE} other: {PAGE} }} }}",
        f"{{ viewer {{ quota {{ used }} {PAGE} }} }}",
        f"{{ viewer {{ {PAGE} apiTokens {{ id }} }} }}",
        f"{{ viewer {{ statistics {{ total }} {PAGE} }} }}",
        "{ viewer { history(first: -1) { edges { cursor } } } }",
        '{ viewer { history(after: "nonsense") { edges { cursor } } } }',
        "{ a: viewer { a: history(first: 100) { edges { cursor } } } "
        + "".join(f"a{n}: viewer {{ b: history {{ totalCount }} }} " for n in range(11))
        + "}",
        "mutation { logOut { errors { code } } }",
        "{ models { name } }",
        "{ __schema { types { name } } }",
    ],
)
def test_what_takes_another_statement_is_none(user: User, document: str) -> None:
    assert question_of(document) is None


def test_a_statement_more_is_refused_where_the_rows_are_given(user: User) -> None:
    retired = Prediction.objects.filter(model_version__name="retired").first()
    document = "{ viewer { history(first: 2) { edges { node { model { labelCount } } } } } }"
    question = question_of(document)
    assert question is not None
    assert retired is not None
    rows = question.page.rows_of(user)
    # Its labels would have to be read.
    context = context_of(user)
    assert in_a_loop(answer_of, question, context.request, context.identity, rows) is None
    assert question_of(document) is None  # it would be asked in vain each time


def test_a_document_that_came_once_is_none() -> None:
    once = "query Once { viewer { history(first: 3) { edges { cursor } } } }"
    request = GraphQLRequest(once, None, None)
    answering._ready(request)
    assert in_a_loop(known_question_of, request) is None
