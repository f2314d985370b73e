"""Two instances on one database: what one does holds at the other at once.

Each check asks both in turn, past the balancer, so that nothing can hold by going to one alone.
"""

import base64
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from harness.photos import photos_of_100_kb
from rehearsal.checks import require
from rehearsal.journey import PASSWORD, register_account
from rehearsal.visitor import Visitor

AT_ONCE = 8
ANSWERED = re.compile(r'telltale_predictions_total{.*outcome="answered"} (\S+)')
TRIES_OF_A_PASSWORD = 5  # of an account from one address, in a quarter of an hour
WHO = "{ viewer { email quota { used } history { totalCount } } }"
LOG_IN = """mutation ($input: LogInInput!) { logIn(input: $input) {
  user { email } errors { code } } }"""
LOG_OUT = "mutation { logOut { viewer { email } } }"
CREATE = """mutation ($input: CreateClassifierInput!) { createClassifier(input: $input) {
  classifier { id } errors { code } } }"""
ADD = """mutation ($input: AddExamplesInput!) { addExamples(input: $input) {
  classifier { labels { id name } } errors { code } } }"""
TRAIN = """mutation ($input: TrainClassifierInput!) { trainClassifier(input: $input) {
  version { id } errors { code } } }"""
RENAME = """mutation ($input: RenameLabelInput!) { renameLabel(input: $input) {
  label { name } errors { code } } }"""
USE = """mutation ($input: UseClassifierVersionInput!) { useClassifierVersion(input: $input) {
  errors { code } } }"""
ASK = """mutation ($input: PredictInput!) { predict(input: $input) {
  prediction { id label } errors { code } } }"""
TRY = """mutation ($input: TryPredictInput!) { tryPredict(input: $input) {
  answer { label } errors { code } } }"""


@dataclass(frozen=True)
class Pair:
    """Where two instances are reached one by one, behind what ends TLS for both."""

    first: int
    second: int
    new_visitor: Callable[[], Visitor]
    photo: bytes
    metrics_token: str

    def in_turn(self) -> Iterator[int]:
        """Yield the two ports without end, one after the other."""
        while True:
            yield from (self.first, self.second)


def sessions(pair: Pair) -> str:
    """Who comes in at one is in at the other, and out at both."""
    visitor = pair.new_visitor().at(pair.first)
    email = register_account(visitor)
    viewer = visitor.at(pair.second).data(WHO)["viewer"]
    require(viewer and viewer["email"] == email, f"at the second instance it is {viewer}")
    cookies = httpx.Cookies(visitor.http.cookies)
    visitor.data(LOG_OUT)
    visitor.http.cookies = cookies  # as somebody who had copied them
    viewer = visitor.at(pair.first).data(WHO)["viewer"]
    require(viewer is None, "a session that was ended at the second lives at the first")
    return "in at both, out at both"


def quota_and_keys(pair: Pair) -> str:
    """The same photo with the same key, sent to both at once, is one prediction, counted once."""
    visitor = pair.new_visitor()
    register_account(visitor)
    answers = _at_once(
        pair, visitor, lambda each, _: _ask(each, pair.photo, idempotencyKey="the same")
    )
    ids = {answer["prediction"]["id"] for answer in answers}
    require(len(ids) == 1, f"one key made {len(ids)} predictions")
    _at_once(
        pair, visitor, lambda each, number: _ask(each, pair.photo, idempotencyKey=f"key {number}")
    )
    expected = 1 + AT_ONCE
    for port in (pair.first, pair.second):
        viewer = visitor.at(port).data(WHO)["viewer"]
        told = (viewer["quota"]["used"], viewer["history"]["totalCount"])
        require(told == (expected, expected), f"{told} are told, not {expected}")
    return f"one key at both at once is one prediction; {expected} counted at both"


def promotion(pair: Pair) -> str:
    """A version that is taught, or gone back to, at one answers at the other with the next call."""
    visitor, port = pair.new_visitor(), pair.in_turn()
    register_account(visitor)
    name = "cups and cats"
    classifier = _done(visitor, CREATE, {"name": name})["classifier"]["id"]
    pictures = photos_of_100_kb(6)
    for label, shown in (("cat", pictures[0::3]), ("cup", pictures[1::3])):
        ids = [_ask(visitor.at(next(port)), each)["prediction"]["id"] for each in shown]
        wish = {"classifier": classifier, "label": label, "predictions": ids}
        labels = _done(visitor, ADD, wish)["classifier"]["labels"]
    versions, names = [], ("cup", "mug")
    for label_name in names:
        if label_name != "cup":
            cup = next(label["id"] for label in labels if label["name"] == "cup")
            _done(visitor.at(next(port)), RENAME, {"id": cup, "name": label_name})
        trained = _done(visitor.at(next(port)), TRAIN, {"classifier": classifier})
        versions.append(trained["version"]["id"])
        _require_at_both(pair, visitor, name, label_name)
    for version, label_name in zip(versions * 3, names * 3, strict=True):
        _done(visitor.at(next(port)), USE, {"id": version})
        _require_at_both(pair, visitor, name, label_name)
    return f"{len(versions) * 4} times the next answer at both was the new version's"


def throttles(pair: Pair) -> str:
    """Wrong passwords and tried photos are counted together."""
    visitor, port = pair.new_visitor(), pair.in_turn()
    email = register_account(visitor.at(pair.first))
    stranger = pair.new_visitor()  # in a browser that the account does not know
    stranger.at(pair.first).get("/graphql", Accept="text/html")
    for _ in range(TRIES_OF_A_PASSWORD):
        told = _log_in(stranger.at(next(port)), email, PASSWORD[::-1])
        require(told == "CREDENTIALS_INVALID", f"a wrong password is answered with {told}")
    for _ in range(2):
        told = _log_in(stranger.at(next(port)), email, PASSWORD)
        require(told not in (None, "CREDENTIALS_INVALID"), f"after five it is {told}")
    tried = 0
    while (told := _try(stranger.at(next(port)), pair.photo)) is None:
        tried += 1
    require(told == "RATE_LIMITED", f"after {tried} photos without an account it is {told}")
    told = _try(stranger.at(next(port)), pair.photo)
    require(told == "RATE_LIMITED", f"at the other instance it is {told} then")
    return f"{TRIES_OF_A_PASSWORD} wrong passwords and {tried} tried photos, counted together"


def metrics(pair: Pair) -> str:
    """Each instance tells of itself: what both tell adds up to what was done."""
    before = _answered(pair)
    visitor, port = pair.new_visitor(), pair.in_turn()
    register_account(visitor)
    for _ in range(3):
        _ask(visitor.at(next(port)), pair.photo)
    first, second = (now - then for now, then in zip(_answered(pair), before, strict=True))
    require((first, second) == (2, 1), f"{first} and {second} are told of 2 and 1")
    return "2 and 1 of three predictions, each told where it was made"


CHECKS = [sessions, quota_and_keys, promotion, throttles, metrics]


def _at_once(
    pair: Pair, visitor: Visitor, ask: Callable[[Visitor, int], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Ask both at the same time, as one person with several tabs."""

    def asking(number: int) -> dict[str, Any]:
        tab = pair.new_visitor().at((pair.first, pair.second)[number % 2])
        tab.http.cookies = httpx.Cookies(visitor.http.cookies)
        return ask(tab, number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(asking, range(AT_ONCE)))


def _ask(visitor: Visitor, photo: bytes, **wish: str) -> dict[str, Any]:
    return _done(visitor, ASK, {"image": _in_base64(photo), **wish})


def _try(visitor: Visitor, photo: bytes) -> str | None:
    return _refusal(visitor, TRY, {"image": _in_base64(photo)})


def _log_in(visitor: Visitor, email: str, password: str) -> str | None:
    return _refusal(visitor, LOG_IN, {"email": email, "password": password})


def _refusal(visitor: Visitor, mutation: str, wish: dict[str, Any]) -> str | None:
    """Return why something is not done, or None where it is."""
    answer = visitor.execute(mutation, {"input": wish}).json()
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    (payload,) = answer["data"].values()
    return next((error["code"] for error in payload["errors"]), None)


def _require_at_both(pair: Pair, visitor: Visitor, model: str, label: str) -> None:
    for port in (pair.first, pair.second):
        told = _ask(visitor.at(port), photos_of_100_kb(6)[1], model=model)["prediction"]["label"]
        require(told == label, f"the answer is {told}, not the latest version's {label}")


def _done(visitor: Visitor, mutation: str, wish: dict[str, Any]) -> dict[str, Any]:
    (payload,) = visitor.data(mutation, {"input": wish}).values()
    require(not payload["errors"], str(payload["errors"]))
    return dict(payload)


def _answered(pair: Pair) -> tuple[float, float]:
    bearer = f"Bearer {pair.metrics_token}"
    first, second = (
        sum(map(float, ANSWERED.findall(visitor.get("/metrics", Authorization=bearer).text)))
        for visitor in (pair.new_visitor().at(port) for port in (pair.first, pair.second))
    )
    return first, second


def _in_base64(photo: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(photo).decode()}
