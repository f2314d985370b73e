"""Clients that predict and read their history without pause, and remember what they were told."""

import contextlib
import hashlib
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from faults.replies import Failure, outcome
from faults.service import Service
from harness.accounts import new_token
from harness.connection import Connection
from harness.photos import photos_of_100_kb
from harness.predictions import MULTIPART, predict_body

CLIENTS = 6
USERS = 3
PATIENCE_SECONDS = 20  # with one photo, after the fault is over
REQUEST_TIMEOUT_SECONDS = 30
PAUSE_SECONDS = 0.15
PHOTOS_TO_A_HISTORY = 5
HISTORY = """{ viewer { email history(first: 20) { edges { node {
  id image { sha256 } } } } } }"""


@dataclass(frozen=True)
class Acknowledged:
    """A prediction the service has told a client that it made."""

    user: int
    key: str
    id: str
    sha256: str


class Sent(NamedTuple):
    """A photo, and what a service that is well says of it."""

    key: str
    sha256: str
    label: str


@dataclass
class Account:
    """One of the users, and every photo that was ever sent in their name."""

    number: int
    token: str
    sent: set[str] = field(default_factory=set)


@dataclass
class Tally:
    """What the clients saw during one fault."""

    requests: int = 0
    given_up: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    unclear: Counter[str] = field(default_factory=Counter)
    of_others: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)


class Load:
    """The clients of the suite, over all its faults."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._photos = photos_of_100_kb(6)
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self.tally = Tally()
        self.accounts = [Account(number, new_token(service.port)) for number in range(USERS)]
        self.token_of_the_rude = new_token(service.port)  # whom a fault sends photos as
        self._labels = [self._label_of(photo) for photo in self._photos]

    @contextmanager
    def running(self) -> Iterator[Tally]:
        """Let all clients work during the block, and then finish what they have begun."""
        self.tally = Tally()
        self._stopping.clear()
        clients = [
            threading.Thread(target=self._client, args=(self.accounts[number % USERS],))
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        try:
            yield self.tally
        finally:
            self._stopping.set()
            for client in clients:
                client.join()

    def _label_of(self, photo: bytes) -> str:
        """Return what the service says while it is well."""
        with contextlib.closing(Connection(self._service.port, self.token_of_the_rude)) as asking:
            answer = asking.post(predict_body(photo), MULTIPART).json()
        return str(answer["data"]["predict"]["prediction"]["label"])

    def _client(self, account: Account) -> None:
        for turn in itertools.count():
            if self._stopping.is_set():
                return
            if turn % PHOTOS_TO_A_HISTORY == PHOTOS_TO_A_HISTORY - 1:
                self._read_history(account)
            else:
                self._predict(account)

    def _predict(self, account: Account) -> None:
        """Send one photo with one key, again and again, until it is acknowledged."""
        number = next(self._numbers)
        key, photo = f"photo-{number}", _marked(self._photos[number % len(self._photos)], number)
        sha256 = hashlib.sha256(photo).hexdigest()
        with self._lock:
            account.sent.add(sha256)
        body = predict_body(photo, key)
        deadline = None
        while deadline is None or time.monotonic() < deadline:
            answer = self._ask(account, body, MULTIPART)
            if not isinstance(answer, Failure):
                label = self._labels[number % len(self._photos)]
                self._acknowledge(account, Sent(key, sha256, label), answer)
                return
            time.sleep(PAUSE_SECONDS)
            if deadline is None and self._stopping.is_set():
                deadline = time.monotonic() + PATIENCE_SECONDS
        with self._lock:
            self.tally.given_up += 1

    def _acknowledge(self, account: Account, sent: Sent, answer: dict[str, Any]) -> None:
        prediction = answer["predict"]["prediction"]
        with self._lock:
            if prediction is None:
                code = answer["predict"]["errors"][0]["code"]
                self.tally.unclear[f"refused: {code}"] += 1
            elif prediction["image"]["sha256"] != sent.sha256:
                self.tally.of_others.append(sent.key)
            else:
                if prediction["label"] != sent.label:
                    self.tally.wrong.append(f"{sent.key} is {prediction['label']}")
                acknowledged = Acknowledged(account.number, sent.key, prediction["id"], sent.sha256)
                self.tally.acknowledged.append(acknowledged)

    def _read_history(self, account: Account) -> None:
        answer = self._ask(account, _json(HISTORY), "application/json")
        if isinstance(answer, Failure):
            time.sleep(PAUSE_SECONDS)
            return
        seen = {edge["node"]["image"]["sha256"] for edge in answer["viewer"]["history"]["edges"]}
        with self._lock:
            self.tally.of_others += sorted(seen - account.sent)

    def _ask(self, account: Account, body: bytes, media_type: str) -> dict[str, Any] | Failure:
        with contextlib.closing(
            Connection(self._service.port, account.token, timeout_seconds=REQUEST_TIMEOUT_SECONDS)
        ) as connection:
            answer = outcome(lambda: connection.post(body, media_type))
        with self._lock:
            self.tally.requests += 1
            if isinstance(answer, Failure):
                (self.tally.failures if answer.is_clear else self.tally.unclear)[answer.kind] += 1
        return answer


def _marked(jpeg: bytes, number: int) -> bytes:
    """Return the same photo with a comment of its own, so that no two have the same bytes."""
    comment = f"photo {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]


def _json(document: str) -> bytes:
    return json.dumps({"query": document}).encode()
