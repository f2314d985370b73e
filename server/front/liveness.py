"""The layer that answers whether the process lives: no thread, no body, nothing of Django's."""

from server.front.messages import Answer, Application, Message, Receive, Send, send_answer
from server.health import LIVE_PATH, liveness


class Liveness:
    """Answers one path and passes on all others."""

    def __init__(self, app: Application) -> None:
        self._app = app
        answer = liveness()
        headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
        headers.append((b"content-length", b"%d" % len(answer.content)))
        self._answer = Answer(answer.status_code, headers, answer.content)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a probe, or pass the request on."""
        if scope["type"] == "http" and scope["path"] == LIVE_PATH:
            await send_answer(send, self._answer, scope["method"])
        else:
            await self._app(scope, receive, send)
