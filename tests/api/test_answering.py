"""A plan answers what the executor answers: the data, its order, the errors and where they are."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from random import Random
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.db import transaction
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_operation_ast,
    is_introspection_type,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues
from pytest_django import DjangoDbBlocker

from server.accounts.models import ApiToken, User
from server.api.answering import ENCODED, variables_of
from server.api.context import Context
from server.api.document import ready_document
from server.api.errors import ApiError, as_client_sees_it
from server.api.http.request import GraphQLRequest
from server.api.node import global_id
from server.api.schema import schema
from server.plans.plan import plan_of
from server.predictions.models import Prediction
from tests.support.context import context_of
from tests.support.documents import Documents
from tests.support.stored import LABELS, SERVED, START, varied_history
from tests.support.whole_documents import UPLOAD, whole_documents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classifier_is_ready")]

QUERIES, MUTATIONS = 200, 60
CURSORS = """query ($order: HistoryOrder!) {
  viewer { history(first: 60, orderBy: $order) { edges { cursor } } }
}"""
GRAPHQL = schema._schema
# What a mutation is given so that nothing of its answer is left to chance.
UNSURE = {
    "createApiToken": {"name": [""], "scopes": [["READ"]]},
    "register": {"email": ["nonsense"]},
    "createClassifier": {"name": [""]},
}


@pytest.fixture(scope="module")
def user(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """A user of a varied history, with tokens."""
    with django_db_blocker.unblock(), varied_history("planned@example.org") as user:
        for number in range(3):
            scopes = ["READ", "PREDICT"][: number % 2 + 1]
            ApiToken.objects.create(user=user, name="a", digest=str(number), scopes=scopes)
        yield user


@pytest.fixture(scope="module")
def samples(user: User, django_db_blocker: DjangoDbBlocker) -> dict[str, list[Any]]:
    """What arguments are given, by their names."""
    with django_db_blocker.unblock():
        cursors: list[str | None] = [None, "nonsense"]
        for order in ("NEWEST", "LEAST_CONFIDENT"):
            listed = schema.execute_sync(CURSORS, {"order": order}, context_of(user)).data
            assert listed is not None
            edges = listed["viewer"]["history"]["edges"]
            cursors += [edges[place]["cursor"] for place in (0, 20, 59)]
        keys = list(Prediction.objects.values_list("pk", flat=True)[::9])
        tokens = list(ApiToken.objects.values_list("pk", flat=True))
    ids = [global_id("Prediction", key) for key in keys]
    ids += [global_id("ApiToken", key) for key in tokens]
    ids += [global_id("Model", f"{SERVED.name}@{SERVED.version}"), global_id("Model", "retired@1")]
    ids += [global_id("User", user.pk), "nonsense", ""]
    moments = [(START + timedelta(seconds=second)).isoformat() for second in (-5, 10, 29)]
    return {
        "after": cursors,
        "before": cursors,
        "first": [None, 0, 1, 3, 9],
        "last": [None, None, None, 2, 101],
        "id": ids,
        "label": [*LABELS, "none", None],
        "model": [SERVED.name, "retired", "none", None],
        "createdAfter": moments,
        "createdBefore": moments,
        "expiresAt": [None, *moments],
        "base64": ["nonsense!", "", None],
        "newPassword": ["a", "123456789"],
        "email": ["nonsense", "nobody@example.org"],
    }


def told(data: object, errors: list[GraphQLError] | None) -> bytes:
    """Return all of an answer but for moments of today."""
    seen = [as_client_sees_it(error).formatted for error in errors or ()]
    return re.sub(rb'"20(?!26-01-01)[\d-]{8}T[^"]*"', b'"now"', orjson.dumps([data, seen]))


def asking(user: User) -> Context:
    context = context_of(user)
    context.request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    return context


def answers_of(user: User, text: str, variables: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return the executor's answer and the plan's, each as if the other had never been."""
    ready = ready_document(GRAPHQL, text)
    assert ready is not None, text
    request = GraphQLRequest(text, variables, None)
    plan = plan_of(schema, ready[0], None, ENCODED)
    with transaction.atomic():
        result = schema.execute_sync(text, variables, asking(user))
        expected = told(result.data, result.errors)
        transaction.set_rollback(True)
    with transaction.atomic():
        answer = plan.answer(asking(user), variables_of(plan, request))
        answered = told(answer.data, answer.errors)
        transaction.set_rollback(True)
    return expected, answered


def is_refused(text: str, variables: dict[str, Any]) -> bool:
    """Whether a document is beyond the limits, or its variables are no good."""
    ready = ready_document(GRAPHQL, text)
    if ready is None:
        return True
    operation = get_operation_ast(ready[0])
    assert operation is not None
    try:
        variables_of(
            plan_of(schema, ready[0], None, ENCODED), GraphQLRequest(text, variables, None)
        )
    except (ApiError, GraphQLError):
        return True
    return False


@pytest.mark.parametrize("seed", range(10))
def test_a_random_query_is_answered_as_the_executor_does(
    user: User, samples: dict[str, list[Any]], seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - the same documents each time
    refused = 0
    for _ in range(QUERIES // 10):
        text, variables = Documents(GRAPHQL, random, samples).query()
        if is_refused(text, variables):
            refused += 1
            continue
        expected, answered = answers_of(user, text, variables)
        assert answered == expected, (text, variables)
    assert refused < QUERIES // 20


@pytest.mark.parametrize("seed", range(6))
def test_a_random_mutation_is_answered_as_the_executor_does(
    user: User, samples: dict[str, list[Any]], seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - the same documents each time
    assert GRAPHQL.mutation_type is not None
    names = list(GRAPHQL.mutation_type.fields)
    for _ in range(MUTATIONS // 6):
        chosen = random.sample(names, k=3)
        given = dict(samples)
        for name in chosen:
            given |= UNSURE.get(name, {})
        text, variables = Documents(GRAPHQL, random, given).mutation(chosen)
        if not is_refused(text, variables):
            expected, answered = answers_of(user, text, variables)
            assert answered == expected, (text, variables)


def every_field() -> Iterator[tuple[str, str]]:
    """Yield a type with each of its fields, once."""
    for name, of_type in GRAPHQL.type_map.items():
        if isinstance(of_type, GraphQLObjectType) and not is_introspection_type(of_type):
            yield from ((name, field) for field in of_type.fields)


def test_every_field_of_the_schema_is_planned() -> None:
    planned: set[tuple[str, str]] = set()
    for text in whole_documents(GRAPHQL):
        document = parse(text)
        assert validate(GRAPHQL, document) == [], text
        plan = plan_of(schema, document, None, ENCODED)
        plan.prepare(VariableValues({}, {UPLOAD: None}))
        planned |= fields_in(document)
    assert planned >= set(every_field())


def fields_in(document: DocumentNode) -> set[tuple[str, str]]:
    found = set()
    types = TypeInfo(GRAPHQL)

    class Finder(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = types.get_parent_type()
            assert parent is not None
            found.add((parent.name, node.name.value))

    visit(document, TypeInfoVisitor(types, Finder()))
    return found
