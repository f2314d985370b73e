"""Whatever answers without Django does so as long as no middleware would be passed by."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from harness.databases import migrated_database
from harness.predictions import MULTIPART, predict_body
from harness.site import LiveSite, running_site
from server.front.asked_first import KNOWN_MIDDLEWARE, AskedFirst
from server.front.messages import RECEIVED, Answer, Message, Receive, Received, Send
from server.observability.instruments import PASSED_ON
from tests.support.asked_pages import PAGE
from tests.support.live_account import token_of_new_account
from tests.support.settings_with_a_middleware import CLOSING_PATH

FORM = {"Content-Type": MULTIPART}


class Greeting:
    """Answers one path."""

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def answer(self, request: Received) -> Answer | None:
        if request.path != b"/greeting":
            return None
        return Answer(200, [(b"content-length", b"5")], b"Hello")


async def behind(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})


def status_of(layer: AskedFirst, path: bytes) -> int:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    request = Received("GET", path, b"", [], b"", 0, None, None, "http", "1.1")
    asyncio.run(layer({"method": "GET", RECEIVED: request}, receive, send))  # type: ignore[arg-type]
    return int(sent[0]["status"])


def passed_on() -> float:
    return PASSED_ON.labels("middleware")._value.get()  # type: ignore[no-any-return]


def test_one_is_asked_first_and_what_it_declines_is_passed_on() -> None:
    layer = AskedFirst(behind, Greeting())

    assert status_of(layer, b"/greeting") == 200
    assert status_of(layer, b"/other") == 299


def test_with_a_middleware_that_nobody_knows_none_is_asked_and_it_is_counted(
    settings: Settings,
) -> None:
    settings.MIDDLEWARE = [*django_settings.MIDDLEWARE, "newcomer.Middleware"]
    before = passed_on()

    assert status_of(AskedFirst(behind, Greeting()), b"/greeting") == 299
    assert passed_on() == before + 1


def test_every_middleware_of_ours_is_known() -> None:
    assert set(django_settings.MIDDLEWARE) == KNOWN_MIDDLEWARE


@pytest.fixture
def closing_site(postgres_url: str, model_directory: Path, tmp_path: Path) -> Iterator[LiveSite]:
    variables = {"DJANGO_SETTINGS_MODULE": "tests.support.settings_with_a_middleware"}
    log = tmp_path / "gunicorn.log"
    with (
        migrated_database(postgres_url, f"telltale_closed_{os.getpid()}") as database_url,
        running_site(database_url, log, variables=variables) as site,
    ):
        yield site


@pytest.mark.live
def test_a_middleware_that_refuses_everything_refuses_every_path(closing_site: LiveSite) -> None:
    token = {"Authorization": f"Bearer {token_of_new_account(closing_site)}"}
    page = {"query": PAGE, "variables": {"n": 1}}
    photo = predict_body(b"photo")
    with httpx.Client(base_url=closing_site.url) as client:
        # The first two make them known. Where the others were not Django's, they would have pages
        # open a connection, without which these are Django's as well.
        for _ in range(50):
            answers = [
                client.post("/graphql", json=page, headers=token),
                client.post("/graphql", content=photo, headers=token | FORM),
            ]
            assert [each.status_code for each in answers] == [200, 200]
        client.get(CLOSING_PATH)
        answers = [
            client.post("/graphql", json=page, headers=token),
            client.post("/graphql", content=photo, headers=token | FORM),
            client.post("/graphql", json={"query": "{ viewer { id } }"}),
            client.get("/graphql"),
            client.get("/"),
            client.get("/predictions/1/crop.webp"),
            client.get("/metrics"),
        ]
        alive = client.get("/health/live")

    assert {(each.status_code, each.text) for each in answers} == {(503, "Closed for today.")}
    assert alive.status_code == 200  # whether the process lives is nothing a middleware may change
