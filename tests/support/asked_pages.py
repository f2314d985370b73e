"""Pages as the front asks for them, on a loop of a test's own, and Django beside them."""

import asyncio
import json
from typing import Any

from server.front.django import Django
from server.front.messages import Answer, Received
from server.front.pages import Pages
from server.wsgi import application

PAGE = """query Page($n: Int, $after: String, $filter: HistoryFilter) {
  viewer { id history(first: $n, after: $after, filter: $filter) {
    edges { cursor node { id label createdAt scores { label } image { url } model { name } } }
    pageInfo { hasNextPage endCursor } } } }"""
ATTEMPTS = 500


class Asked:
    """Pages on a loop, and Django beside it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.runner = asyncio.Runner()
        self.pages = Pages()
        self._django = Django(application)

    def run(self, answering: Any) -> Any:  # noqa: ANN401 - whatever it answers
        return self.runner.run(answering)

    def ask(self, received: Received | None = None) -> Answer | None:
        answer: Answer | None = self.run(self.pages.answer(received or self.received()))
        return answer

    def django(self, received: Received | None = None) -> Answer:
        """Ask Django."""
        return self._django.answer(received or self.received())

    def make_known(self, received: Received | None = None) -> None:
        """Ask Django twice: a document is planned when it comes again."""
        self.django(received)
        self.django(received)

    def connected(self, received: Received | None = None) -> Answer:
        """Ask until there is a connection."""
        self.make_known(received)
        for _ in range(ATTEMPTS):
            answer = self.ask(received)
            if answer is not None:
                return answer
            self.run(asyncio.sleep(0.02))
        raise AssertionError("nothing was answered")

    def received(
        self, body: bytes | None = None, *, path: bytes = b"/graphql", **headers: str | None
    ) -> Received:
        body = body_of() if body is None else body
        sent = {
            "host": "testserver",
            "authorization": f"Bearer {self.secret}",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "x-request-id": "an-id",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return Received(
            method="POST",
            path=path,
            query_string=b"",
            headers=[(name.encode(), value.encode()) for name, value in sent.items() if value],
            body=body,
            body_bytes=len(body),
            client=("127.0.0.1", 1234),
            server=("127.0.0.1", 80),
            scheme="http",
            http_version="1.1",
        )


def body_of(count: int = 2, document: str = PAGE, **variables: object) -> bytes:
    return json.dumps({"query": document, "variables": {"n": count, **variables}}).encode()
