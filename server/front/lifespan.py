"""The outermost layer: what begins and ends with a worker, after the fork."""

import logging
from typing import Protocol

from server.front.messages import Application, Message, Receive, Send

logger = logging.getLogger(__name__)


class Part(Protocol):
    """What lives as long as a worker."""

    async def open(self) -> None:
        """Begin."""

    async def close(self) -> None:
        """End."""


class Model:
    """The classifier: it loads in a thread of its own, while the worker answers."""

    async def open(self) -> None:
        """Start loading: ONNX Runtime's sessions do not survive a fork."""
        from server.predictions.inference import inference

        inference().start()

    async def close(self) -> None:
        """It ends with the process."""


class Lifespan:
    """Opens parts in their order and closes them in the opposite one; passes requests on."""

    def __init__(self, app: Application, parts: list[Part]) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Follow the worker's life; https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        for part in self._parts:
            await part.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for part in reversed(self._parts):
            await part.close()
        await send({"type": "lifespan.shutdown.complete"})
