"""Predictions that are spared middlewares: what Django would answer, or Django, and only once."""

import asyncio
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connections
from pytest_django import Settings

from harness.predictions import MULTIPART, predict_body
from server.accounts.models import ApiToken, DailyUsage, Scope, User
from server.accounts.tokens import create_token
from server.front import predicting
from server.front.asked_first import AskedFirst
from server.front.django import Django, Environ, Returned
from server.front.messages import RECEIVED, Answer, Message, Received
from server.front.predicting import Predicting, _answer
from server.observability.instruments import REQUESTS
from server.predictions.models import Prediction
from server.wsgi import application
from tests.support.stored import signed_in, user_named

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("classifier_is_ready"),
]

PREDICT = """mutation Ask($input: PredictInput!) { predict(input: $input) {
  prediction { label confidence image { sha256 } } errors { code message } } }"""
AND_LOG_OUT = """mutation Ask($input: PredictInput!) {
  predict(input: $input) { errors { code } } logOut { errors { code } } }"""


class CountingDjango(Django):
    """Counts what it is asked for, and who waits for a thread, to which no connection is left."""

    def __init__(self) -> None:
        super().__init__(self._counted)
        self.asked = self.waited = 0

    async def in_thread(self, work: Callable[[], Returned]) -> Returned:
        self.waited += 1

        def alone() -> Returned:
            try:
                return work()
            finally:
                connections.close_all()

        return await super().in_thread(alone)

    def _counted(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.asked += 1
        return application(environ, start_response)


class Sender:
    """Whoever sends one photo with a token, to what spares and to Django, in this thread."""

    def __init__(self, photo: bytes) -> None:
        signed_in("alice@example.org")
        self.user = user_named("alice@example.org")
        self.secret = create_token(
            self.user, name="photos", scopes=[Scope.PREDICT], expires_at=None
        )[1]
        self.photo = photo
        self.djangos = CountingDjango()
        self._predicting = Predicting(self.djangos)

    def received(
        self,
        body: bytes | io.BytesIO | None = None,
        path: bytes = b"/graphql",
        **headers: str | None,
    ) -> Received:
        body = predict_body(self.photo, document=PREDICT) if body is None else body
        size = len(body) if isinstance(body, bytes) else len(body.getvalue())
        sent = {
            "host": "testserver",
            "authorization": f"Bearer {self.secret}",
            "content-type": MULTIPART,
            "content-length": str(size),
            "x-request-id": "an-id",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        raw_headers = [(name.encode(), value.encode()) for name, value in sent.items() if value]
        addresses = ("127.0.0.1", 1234), ("127.0.0.1", 80)
        return Received("POST", path, b"", raw_headers, body, size, *addresses, "http", "1.1")

    def ask(self, received: Received) -> Answer | None:
        standing = self._predicting._standing_headers(received)
        return None if standing is None else _answer(received, standing)

    def send(self, received: Received) -> tuple[int, dict[bytes, bytes], bytes]:
        """Send it to what spares before Django, with Django's threads."""
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            raise AssertionError

        async def asked() -> None:
            await self.djangos.open()
            scope: Message = {"method": received.method, RECEIVED: received}
            await AskedFirst(self.djangos, self._predicting)(scope, receive, send)
            await self.djangos.close()

        asyncio.run(asked())
        start, body = sent
        return start["status"], dict(start["headers"]), body["body"]

    def django(self, received: Received) -> Answer:
        return self.djangos.answer(received)

    def make_known(self, received: Received) -> None:
        """Ask Django twice: a document is planned when it comes again."""
        self.django(received)
        self.django(received)


@pytest.fixture
def sender(transactional_db: None, cat: bytes) -> Sender:
    return Sender(cat)


def told(answer: Answer | None) -> tuple[int, dict[bytes, bytes], bytes]:
    assert answer is not None
    return answer.status, dict(answer.headers), answer.body


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/graphql-response+json"])
def test_the_answer_is_djangos_header_by_header_and_stored_once(
    sender: Sender, accept: str
) -> None:
    received = sender.received(accept=accept)
    sender.make_known(received)
    counted = REQUESTS.labels("predict", 200)._value.get()

    answer = told(sender.ask(received))

    assert Prediction.objects.count() == DailyUsage.objects.get().predictions == 3
    assert REQUESTS.labels("predict", 200)._value.get() == counted + 1
    assert answer == told(sender.django(received))
    assert json.loads(answer[2])["data"]["predict"]["prediction"]["label"]


def spend_the_day(_sender: Sender, settings: Settings) -> None:
    settings.PREDICTIONS_PER_DAY = 2


def revoke(_sender: Sender, _settings: Settings) -> None:
    token = ApiToken.objects.get()
    ApiToken.objects.update(revoked_at=token.created_at)


def take_the_scope(_sender: Sender, _settings: Settings) -> None:
    ApiToken.objects.update(scopes=[Scope.READ])


def lock_the_user(_sender: Sender, _settings: Settings) -> None:
    User.objects.update(is_active=False)


def damage_the_photo(sender: Sender, _settings: Settings) -> None:
    sender.photo = sender.photo[:2000]


def send_too_large_a_photo(_sender: Sender, settings: Settings) -> None:
    settings.MAX_REQUEST_BYTES = 1000


@pytest.mark.parametrize(
    "change",
    [
        spend_the_day,
        revoke,
        take_the_scope,
        lock_the_user,
        damage_the_photo,
        send_too_large_a_photo,
    ],
)
def test_what_is_refused_is_refused_as_by_django(
    sender: Sender, settings: Settings, change: Callable[[Sender, Settings], None]
) -> None:
    sender.make_known(sender.received())
    change(sender, settings)
    received = sender.received()

    answer = told(sender.ask(received))

    assert answer == told(sender.django(received))
    assert b'"code"' in answer[2]
    assert Prediction.objects.count() == 2


UNUSUAL = {
    "of another origin": {"origin": "https://elsewhere.example"},
    "with a cookie": {"cookie": "sessionid=a"},
    "packed": {"content_encoding": "gzip"},
    "as JSON": {"content_type": "application/json"},
    "in another charset": {"content_type": f"{MULTIPART}; charset=hex"},
    "by nobody": {"authorization": None},
    "by a password": {"authorization": "Basic YTpi"},
    "for a page": {"accept": "text/html"},
    "of no host": {"host": "two hosts"},
    "to another address": {"path": b"/graphql/"},
    "large": {"body": io.BytesIO(b"a large one lies in a file")},
}
# That they are, is known once the body was read.
UNUSUAL_INSIDE = {
    "without a form": b"no form",
    "with more than a prediction": predict_body(b"photo", document=AND_LOG_OUT),
    "with a broken document": predict_body(b"photo", document="{"),
    "with a document that has never come": predict_body(b"photo", document=PREDICT + " "),
}


@pytest.mark.parametrize("changed", UNUSUAL.values(), ids=UNUSUAL)
def test_whatever_is_unusual_is_djangos(sender: Sender, changed: dict[str, Any]) -> None:
    sender.make_known(sender.received())
    received = sender.received(**changed)
    assert sender.ask(received) is None
    assert sender.ask(received) is None
    assert Prediction.objects.count() == 2


@pytest.mark.parametrize("body", UNUSUAL_INSIDE.values(), ids=UNUSUAL_INSIDE)
def test_what_a_thread_finds_to_be_djangos_waits_for_no_other(sender: Sender, body: bytes) -> None:
    for known in (PREDICT, AND_LOG_OUT):
        sender.make_known(sender.received(predict_body(sender.photo, document=known)))
    stored = Prediction.objects.count()
    received = sender.received(body)

    answer = sender.send(received)

    assert (sender.djangos.asked, sender.djangos.waited) == (4 + 1, 1)
    assert answer == told(sender.django(received))
    assert Prediction.objects.count() == stored


def test_what_fails_while_it_is_read_is_told_by_django(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.make_known(sender.received())

    def fail(_request: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(predicting, "read_request", fail)
    assert sender.ask(sender.received()) is None


def test_a_document_is_djangos_until_it_was_sent_twice(sender: Sender) -> None:
    other = sender.received(predict_body(sender.photo, document=PREDICT.replace("Ask", "Other")))
    answers = [sender.send(other) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert (sender.djangos.asked, sender.djangos.waited) == (2, 3)
    assert Prediction.objects.count() == 3
