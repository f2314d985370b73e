"""Compiled predictions are those of the executor, and none is tried twice."""

import gc
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.conf import settings as django_settings
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from strawberry.types import ExecutionResult

from server.accounts.identity import Identity
from server.accounts.models import ApiToken, DailyUsage, User
from server.api.compiled.plan import compiled_answer
from server.api.compiled.prediction import PredictionFailed
from server.api.context import Context
from server.api.http.form import Part
from server.api.http.request import GraphQLRequest
from server.api.schema import schema
from server.classifier.errors import ImageFormatUnsupported
from server.observability.instruments import PREDICTIONS
from server.predictions.models import Prediction
from tests.support.api import Api
from tests.support.context import context_of
from tests.support.selections import NODE, object_of, under

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("classifier_is_ready")]

ERROR_LEAVES = ["code", "message", "field", "__typename"]
PAYLOAD = object_of(
    "PredictPayload",
    ["__typename"],
    under("prediction", NODE),
    under("errors", object_of("UserError", ERROR_LEAVES)),
)
DOCUMENTS = st.tuples(st.sampled_from(["predict", "answer: predict"]), PAYLOAD).map(
    lambda drawn: f"mutation Tell($input: PredictInput!) {{ {drawn[0]}(input: $input) {drawn[1]} }}"
)
ONE = "predict(input: $input) { prediction { id } }"
NOT_AN_IMAGE = b"nothing to be seen"


@pytest.fixture(scope="module")
def user(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    with django_db_blocker.unblock():
        user = User.objects.create_user("predicting@example.org")
        yield user
        user.delete()  # with all predictions


def input_of(image: bytes, **options: object) -> dict[str, Any]:
    return {"input": {"image": {"upload": Part(image)}, **options}}


def refusals() -> float:
    (metric,) = PREDICTIONS.collect()
    return sum(
        sample.value
        for sample in metric.samples
        if sample.name.endswith("_total") and "ImageFormatUnsupported" in sample.labels.values()
    )


@settings(max_examples=100, deadline=None)
@given(document=DOCUMENTS)
def test_a_compiled_prediction_is_the_executors(user: User, cat: bytes, document: str) -> None:
    variables = input_of(cat, idempotencyKey="the same row each time")

    expected = schema.execute_sync(
        document, variable_values=variables, context_value=context_of(user)
    )
    answer = compiled_answer(GraphQLRequest(document, variables, None), context_of(user))

    assert isinstance(expected, ExecutionResult)
    assert expected.errors is None
    assert orjson.dumps(answer) == orjson.dumps(expected.data)


def test_a_prediction_that_has_just_been_stored_is_told_as_history_tells_it(
    user: User, cat: bytes
) -> None:
    fields = """id createdAt label confidence durationMs scores(first: 10) { label probability }
      image { width height format bytes sha256 url } model { id name version isDefault }"""
    predict = f"mutation ($input: PredictInput!) {{ {ONE[:-6]}{fields} }} errors {{ code }} }} }}"

    answer = compiled_answer(GraphQLRequest(predict, input_of(cat), None), context_of(user))
    page = f"{{ viewer {{ history(first: 1) {{ edges {{ node {{ {fields} }} }} }} }} }}"
    listed = schema.execute_sync(page, context_value=context_of(user)).data

    assert answer is not None
    assert listed is not None
    assert answer["predict"]["errors"] == []
    (edge,) = listed["viewer"]["history"]["edges"]
    assert orjson.loads(orjson.dumps(answer["predict"]["prediction"])) == edge["node"]


@pytest.mark.parametrize(
    "document",
    [
        f"mutation ($input: PredictInput!) {{ {ONE} again: {ONE} }}",
        f"mutation ($input: PredictInput!) {{ {ONE} clearHistory {{ deletedCount }} }}",
        f"mutation ($input: PredictInput!) {{ {ONE} __typename }}",
        f"mutation ($input: PredictInput!) {{ {ONE[:-2]} @skip(if: true) }} }}",
        f"mutation ($input: PredictInput!) {{ ... @include(if: false) {{ {ONE} }} }}",
        f"mutation A($input: PredictInput!) {{ {ONE} }} mutation B {{ __typename }}",
        f"mutation ($input: PredictInput!) {{ {ONE[:-4]}model {{ labelCount }} }} }} }}",
        f"mutation ($input: PredictInput!) {{ {ONE[:-4]}none }} }} }}",
        "mutation ($input: String) { predict(input: $input) { errors { code } } }",
    ],
)
def test_what_is_not_plainly_a_prediction_is_left_to_the_executor(
    user: User, cat: bytes, document: str
) -> None:
    before = Prediction.objects.count()

    assert compiled_answer(GraphQLRequest(document, input_of(cat), None), context_of(user)) is None
    assert Prediction.objects.count() == before


def test_nothing_is_tried_for_who_may_not_or_with_wrong_variables_or_by_get(
    user: User, cat: bytes
) -> None:
    document = f"mutation ($input: PredictInput!) {{ {ONE} }}"
    request = GraphQLRequest(document, input_of(cat), None)
    posted = context_of(user).request
    reading = Identity(user, ApiToken(user=user, scopes=["READ"]))
    got = RequestFactory().get("/graphql")
    got.user = user
    wrong = GraphQLRequest(document, {"input": {"image": {}}}, None)
    before = Prediction.objects.count()

    assert compiled_answer(request, Context(posted, reading)) is None
    assert compiled_answer(request, Context(got, Identity(user))) is None
    assert compiled_answer(wrong, context_of(user)) is None
    assert Prediction.objects.count() == before


def test_a_failure_is_handed_on_with_its_reason(user: User) -> None:
    document = f"mutation ($input: PredictInput!) {{ {ONE} }}"

    with pytest.raises(PredictionFailed) as failed:
        compiled_answer(GraphQLRequest(document, input_of(NOT_AN_IMAGE), None), context_of(user))

    assert isinstance(failed.value.error, ImageFormatUnsupported)


def test_a_picture_that_is_refused_is_looked_at_once(alice: Api) -> None:
    before = refusals()

    payload = alice.upload(NOT_AN_IMAGE).data["predict"]

    assert payload["prediction"] is None
    assert [error["code"] for error in payload["errors"]] == ["IMAGE_FORMAT_UNSUPPORTED"]
    assert refusals() == before + 1


def test_a_refused_picture_is_not_kept_until_the_garbage_collector_comes(alice: Api) -> None:
    gc.collect()
    gc.disable()
    try:
        alice.upload(NOT_AN_IMAGE)
        kept = [each for each in gc.get_objects() if type(each) is ImageFormatUnsupported]
    finally:
        gc.enable()

    assert kept == []


def test_the_last_prediction_of_a_day_is_told_and_the_next_refused(alice: Api, cat: bytes) -> None:
    assert alice.upload(cat).data["predict"]["errors"] == []
    DailyUsage.objects.update(predictions=django_settings.PREDICTIONS_PER_DAY)

    payload = alice.upload(cat).data["predict"]

    assert [error["code"] for error in payload["errors"]] == ["QUOTA_SPENT"]
    assert Prediction.objects.count() == 1
