"""Django behind the front: threads that stay, and an answer at the client's pace."""

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus

import pytest
from django.core.handlers.wsgi import WSGIRequest

from server.front import django
from server.front.django import THREADS, Django, Environ, environ_of
from server.front.messages import RECEIVED, Headers, Message, Received
from server.front.refusals import Refusal


def received(
    path: bytes = b"/", headers: Headers | None = None, body: bytes = b"", method: str = "POST"
) -> Received:
    client, server = ("192.0.2.1", 1234), ("192.0.2.2", 80)
    return Received(
        method, path, b"a=%20", headers or [], body, len(body), client, server, "https", "1.1"
    )


def test_a_request_is_what_wsgi_says_it_is() -> None:
    headers = [
        (b"host", b"x.example"),
        (b"content-type", b"text/plain"),
        (b"transfer-encoding", b"chunked"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-for", b"1.1.1.1"),
        (b"x-forwarded-for", b"2.2.2.2"),
    ]
    environ = environ_of(received(b"/%C3%A4/%2F", headers, b"body"))
    request = WSGIRequest(environ)

    assert (request.path, request.META["QUERY_STRING"]) == ("/ä//", "a=%20")
    assert (request.scheme, request.get_host()) == ("https", "x.example")
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"
    assert request.META["HTTP_X_FORWARDED_FOR"] == "1.1.1.1,2.2.2.2"
    assert request.COOKIES == {"a": "1", "b": "2"}
    assert request.META["CONTENT_LENGTH"] == "4"
    assert "HTTP_TRANSFER_ENCODING" not in request.META
    assert request.body == b"body"


def test_a_body_in_a_file_is_read_from_it() -> None:
    file = io.BytesIO(b"body")
    request = Received("POST", b"/", b"", [], file, 4, None, None, "http", "1.0")

    assert environ_of(request)["wsgi.input"] is file


class Response(list[bytes]):
    """As a handler of WSGI returns it."""

    streaming = False

    def close(self) -> None:
        pass


Answers = list[tuple[Message, ...]]


def run(handler: Callable[..., Iterable[bytes]], use: Callable[[Django], Awaitable[None]]) -> None:
    async def opened() -> None:
        layer = Django(handler)
        await layer.open()
        try:
            await use(layer)
        finally:
            await layer.close()

    asyncio.run(opened())


async def ask(layer: Django, method: str = "POST") -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    scope: Message = {"method": method, RECEIVED: received(method=method)}
    await layer(scope, receive, send)
    return sent


def test_requests_are_answered_by_threads_that_stay() -> None:
    threads = set()

    def handler(environ: Environ, start_response: Callable[..., None]) -> Response:
        threads.add(threading.get_ident())
        start_response("201 Created", [("X-A", "ä")])
        return Response([b"a", b"b"])

    async def use(layer: Django) -> None:
        for _ in range(5 * THREADS):
            start, body = await ask(layer)
            assert (start["status"], start["headers"]) == (201, [(b"X-A", b"\xe4")])
            assert body["body"] == b"ab"
        assert (await ask(layer, "HEAD"))[1]["body"] == b""

    run(handler, use)
    assert 0 < len(threads) <= THREADS
    assert threading.get_ident() not in threads


def test_a_file_is_read_as_it_is_sent_and_closed_by_a_thread_of_djangos() -> None:
    closed: list[bool] = []

    class File(io.BytesIO):
        def close(self) -> None:
            closed.append(threading.current_thread().name.startswith("django"))
            super().close()

    def handler(environ: Environ, start_response: Callable[..., None]) -> Iterable[bytes]:
        start_response("200 OK", [])
        file: Iterable[bytes] = environ["wsgi.file_wrapper"](File(b"x" * 100_000), 4096)
        return file

    async def use(layer: Django) -> None:
        _, *pieces = await ask(layer)
        assert b"".join(each["body"] for each in pieces) == b"x" * 100_000
        assert max(len(each["body"]) for each in pieces) == django.PIECE_BYTES
        assert [each.get("more_body", False) for each in pieces].index(False) == len(pieces) - 1
        _, *pieces = await ask(layer, "HEAD")
        assert b"".join(each["body"] for each in pieces) == b""

    run(handler, use)
    assert closed[0] is True


def test_without_a_thread_in_time_a_request_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django, "MAX_WAIT_SECONDS", 0.05)
    may_end = threading.Event()

    def handler(environ: Environ, start_response: Callable[..., None]) -> Response:
        may_end.wait(10)
        start_response("200 OK", [])
        return Response([b"late"])

    async def use(layer: Django) -> None:
        waiting = [asyncio.create_task(ask(layer)) for _ in range(THREADS)]
        await asyncio.sleep(0.1)
        with pytest.raises(Refusal) as refused:
            await ask(layer)
        assert refused.value.status == HTTPStatus.SERVICE_UNAVAILABLE
        may_end.set()
        for each in waiting:  # begun: they are answered, however late
            assert (await each)[1]["body"] == b"late"

    run(handler, use)


def test_a_client_that_goes_does_not_end_what_its_thread_reads() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def handler(environ: Environ, start_response: Callable[..., None]) -> Response:
        begun.set()
        may_end.wait(10)
        start_response("200 OK", [])
        return Response([])

    async def use(layer: Django) -> None:
        asking = asyncio.create_task(ask(layer))
        await asyncio.to_thread(begun.wait, 10)
        asking.cancel()
        await asyncio.sleep(0.05)
        assert not asking.done()  # the body is not taken away yet
        may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await asking

    run(handler, use)
