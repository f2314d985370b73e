"""What somebody puts around a field is obeyed on every way to an answer: by all there are."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from strawberry import BasePermission
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField

from server.accounts.models import Scope
from server.accounts.tokens import create_token
from server.api import answering
from server.api import schema as schemas
from server.api.accounts.types import User
from server.api.answering import forget_plans
from server.api.document import forget_documents
from server.api.errors import Forbidden
from server.api.http import view
from server.api.model import Model
from server.api.predictions.history import PageInfo, PredictionConnection, PredictionEdge
from server.api.predictions.types import Prediction, PredictionImage, Score
from server.api.query import Query
from server.front.messages import Received
from server.front.pages import Pages
from server.observability.instruments import PASSED_ON
from tests.support.api import Api
from tests.support.stored import store_predictions, user_named

pytestmark = pytest.mark.django_db(transaction=True)

ATTEMPTS = 500
PAGE = """{ viewer { email history(first: 2) {
  edges { node { label scores { label } image { sha256 } model { version } } }
  pageInfo { hasNextPage } } } }"""
FIELDS = {
    "viewer": (Query, "viewer"),
    "email": (User, "email"),
    "history": (User, "history"),
    "edges": (PredictionConnection, "edges"),
    "node": (PredictionEdge, "node"),
    "label": (Prediction, "label"),
    "scores": (Prediction, "scores"),
    "scores.label": (Score, "label"),
    "image.sha256": (PredictionImage, "sha256"),
    "model.version": (Model, "version"),
    "hasNextPage": (PageInfo, "has_next_page"),
}


class NotToday(BasePermission):
    """Nobody may."""

    message = "Not today."
    error_extensions = {"code": "FORBIDDEN"}

    def has_permission(self, *_asked: Any, **_arguments: Any) -> bool:  # noqa: ANN401 - as above
        return False


class Instead(FieldExtension):
    """Something else is answered."""

    def resolve(self, *_asked: Any, **_arguments: Any) -> Any:  # noqa: ANN401 - Strawberry's
        raise Forbidden("Not today.")


class Nothing(SchemaExtension):
    """Refuses every operation."""

    def on_execute(self) -> Iterator[None]:
        raise Forbidden("Not today.")
        yield


Answered = Callable[[], dict[str, Any]]


@pytest.fixture
def answered(alice: Api) -> Iterator[tuple[Answered, Answered]]:
    """What a session and what a token is answered; the latter by the event loop, where it may."""
    user = user_named("alice@example.org")
    store_predictions(user, [{"label": f"label {number}"} for number in range(5)])
    secret = create_token(user, name="guarded", scopes=[Scope.READ], expires_at=None)[1]
    pages = Pages()
    with asyncio.Runner() as runner:

        def by_token() -> dict[str, Any]:
            pages._wanted.forget()
            answer = runner.run(pages.answer(received(secret)))
            if answer is not None:
                return dict(json.loads(answer.body))
            return Api().execute(PAGE, token=secret).body

        for _ in range(ATTEMPTS):  # until a connection is open, and the use of the token is noted
            if runner.run(pages.answer(received(secret))) is not None:
                break
            runner.run(asyncio.sleep(0.02))
            Api().execute(PAGE, token=secret)
        yield lambda: alice.execute(PAGE).body, by_token
        runner.run(pages.close())
    forget()


def received(secret: str) -> Received:
    body = json.dumps({"query": PAGE}).encode()
    headers = [
        (b"host", b"testserver"),
        (b"authorization", f"Bearer {secret}".encode()),
        (b"content-type", b"application/json"),
    ]
    return Received("POST", b"/graphql", b"", headers, body, len(body), None, None, "http", "1.1")


def forget() -> None:
    forget_plans()
    forget_documents()


def field_of(resolvers: type, name: str) -> StrawberryField:
    field = get_object_definition(resolvers, strict=True).get_field(name)
    assert field is not None
    return field


def serve_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    built = schemas.build_schema()
    for module in (schemas, answering, view):
        monkeypatch.setattr(module, "schema", built)
    forget()


def guard(monkeypatch: pytest.MonkeyPatch, field: StrawberryField, *, is_permission: bool) -> None:
    extension: FieldExtension = Instead()
    if is_permission:
        given = StrawberryField(permission_classes=[NotToday])
        (extension,) = given.extensions
        monkeypatch.setattr(field, "permission_classes", given.permission_classes)
    monkeypatch.setattr(field, "extensions", [*field.extensions, extension])
    serve_anew(monkeypatch)


def passed_on(reason: str) -> float:
    return float(PASSED_ON.labels(reason)._value.get())


@pytest.mark.parametrize("place", FIELDS)
@pytest.mark.parametrize("is_permission", [True, False])
def test_a_guarded_field_is_the_executors_on_every_path(
    answered: tuple[Answered, Answered],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    is_permission: bool,
) -> None:
    by_session, by_token = answered
    assert "errors" not in by_session()
    assert by_token() == by_session()
    guard(monkeypatch, field_of(*FIELDS[place]), is_permission=is_permission)
    before = passed_on("field")

    for answer in (by_session(), by_token()):
        codes = {error["extensions"]["code"] for error in answer["errors"]}
        assert codes == {"FORBIDDEN"}
    assert passed_on("field") > before


@pytest.mark.parametrize("is_permission", [True, False])
def test_a_guarded_prediction_is_the_executors(
    alice: Api, monkeypatch: pytest.MonkeyPatch, is_permission: bool
) -> None:
    field = field_of(schemas.Mutation, "predict")
    guard(monkeypatch, field, is_permission=is_permission)
    before = passed_on("field")

    for _ in range(2):
        assert alice.predict(b"no picture").codes == ["FORBIDDEN"]
    assert passed_on("field") > before
    monkeypatch.undo()
    forget()


def test_an_extension_of_the_schema_that_nobody_knows_switches_plans_off(
    answered: tuple[Answered, Answered], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = schemas.build_schema()
    built.extensions = (*built.extensions, Nothing)
    for module in (schemas, answering, view):
        monkeypatch.setattr(module, "schema", built)
    forget()
    before = passed_on("extension")

    for answer in (answered[0](), answered[1]()):
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
        assert answer.get("data") is None
    assert passed_on("extension") > before
