"""The innermost layer: Django's WSGI handler, in threads that never meet a client.

They live as long as the worker, and so do their connections to the database. Each gets a request
that is whole, and gives back an answer that is, or a file that is then read at the client's pace.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from server.front.messages import RECEIVED, Answer, Message, Receive, Received, Send, send_answer
from server.front.refusals import Refusal

THREADS = 8  # resolvers wait for PostgreSQL and for their turn at the model
MAX_WAIT_SECONDS = 10.0  # for a thread
PIECE_BYTES = 32 * 1024  # of a file

Environ = dict[str, Any]
Returned = TypeVar("Returned")
Handler = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Django:
    """Answers every request there is."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    async def open(self) -> None:
        """Have threads: in the worker, for they don't survive a fork."""
        self._threads = ThreadPoolExecutor(THREADS, "django")

    async def close(self) -> None:
        """Let them end what they do."""
        await asyncio.to_thread(self._threads.shutdown)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        """Answer a request, or refuse it where no thread is to be had in time."""
        answer = await self.in_thread(partial(self.answer, scope[RECEIVED]))
        await send_answer(send, answer, scope["method"])

    async def in_thread(self, work: Callable[[], Returned]) -> Returned:
        """Do in a thread what answers a request, and return what it returns.

        Raises:
            Refusal: none was to be had in time.
        """
        job = self._threads.submit(work)
        doing = asyncio.wrap_future(job)
        try:
            await asyncio.wait({doing}, timeout=MAX_WAIT_SECONDS)
            if job.cancel():  # it had not begun
                raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Busy; try again soon.")
            return await asyncio.shield(doing)
        except asyncio.CancelledError:  # the client is gone; the body is needed until the end
            if not job.cancel():
                with suppress(Exception):
                    await doing
            raise

    def answer(self, received: Received) -> Answer:
        """Return the answer to a request; this is for a thread."""
        environ, began = environ_of(received), list[Any]()

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            began[:] = status, headers

        try:
            response = self._handler(environ, start_response)
        finally:
            # A request of Django's refers to itself, and stays a while.
            environ["wsgi.input"].close()
        status, headers = began
        raw_headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        code = int(status.split(" ", 1)[0])
        if getattr(response, "streaming", True):
            return Answer(code, raw_headers, b"", _Streamed(response, self._threads))
        try:
            return Answer(code, raw_headers, b"".join(response))
        finally:
            response.close()  # type: ignore[attr-defined] # Django's have one


class _Streamed:
    """A body of Django's that is read piece by piece, and closed by a thread of Django's."""

    def __init__(self, response: Iterable[bytes], threads: ThreadPoolExecutor) -> None:
        self._response = response
        self._threads = threads

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        with suppress(RuntimeError):  # the worker stops and has no threads any more
            self._threads.submit(self._response.close)  # type: ignore[attr-defined] # as above


def environ_of(received: Received) -> Environ:
    """Return a request as WSGI has it; see PEP 3333."""
    body = received.body
    environ: Environ = {
        "REQUEST_METHOD": received.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(received.path).decode("latin-1"),
        "QUERY_STRING": received.query_string.decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{received.http_version}",
        "SERVER_NAME": received.server[0] if received.server else "localhost",
        "SERVER_PORT": str(received.server[1]) if received.server else "80",
        "REMOTE_ADDR": received.client[0] if received.client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": received.scheme,
        "wsgi.input": io.BytesIO(body) if isinstance(body, bytes) else body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _size=0: FileWrapper(file, PIECE_BYTES),
    }
    for raw_name, raw_value in received.headers:
        name, value = (
            raw_name.decode("latin-1").replace("-", "_").upper(),
            raw_value.decode("latin-1"),
        )
        if name == "TRANSFER_ENCODING":  # undone: the body has a length
            name, value = "CONTENT_LENGTH", str(received.body_bytes)
        elif name not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            name = f"HTTP_{name}"
        if name in environ:
            value = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{value}"
        environ[name] = value
    return environ
