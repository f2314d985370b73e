"""The engine that asks other machines, while these are lost, frozen, overloaded or gone."""

import contextlib
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from inference_tier.protocol import Reply
from server.classifier.errors import TierBusy, TierError, TierRefuses, TierUnreachable
from server.classifier.remote_engine import RemoteEngine
from tests.support.inference_server import InferenceServer, late
from tests.support.remote_engines import NOBODY, Heard, status


@pytest.mark.parametrize("code", [408, 500, 502, 504, 302])
def test_a_lost_call_is_made_again_elsewhere(
    code: int,
    server: InferenceServer,
    other: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    heard: Heard,
) -> None:
    engine = engine_on(server.url, other.url)
    for _ in range(2):
        engine.embed(cat_pixels)
    server.misbehaves = status(code)
    for _ in range(3):
        assert np.array_equal(engine.embed(cat_pixels), expected)
    assert heard.outcomes["TierUnreachable"] >= 1


def test_a_connection_that_ends_or_an_answer_that_is_none_is_a_lost_call(
    server: InferenceServer,
    other: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
) -> None:
    engine = engine_on(server.url, other.url)
    for _ in range(2):
        engine.embed(cat_pixels)

    def cut(reply: Reply) -> Reply:
        return Reply(reply.status, reply.body[:-7], reply.headers)

    for spoil in (lambda _: None, cut, lambda _: Reply(200, b"<html>")):
        server.misbehaves = lambda asked, reply, spoil=spoil: (
            spoil(reply) if asked.path.endswith("/infer") else reply
        )
        for _ in range(2):
            assert np.array_equal(engine.embed(cat_pixels), expected)


def test_a_frozen_server_costs_one_timeout_and_then_nothing(
    server: InferenceServer,
    other: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    heard: Heard,
) -> None:
    engine = engine_on(server.url, other.url, read_seconds=1.0)
    for _ in range(2):
        engine.embed(cat_pixels)
    server.misbehaves = late(30)
    for _ in range(12):
        assert np.array_equal(engine.embed(cat_pixels), expected)
    assert heard.outcomes["TierUnreachable"] == 5  # then its breaker was open
    assert heard.usable == 1


@pytest.mark.parametrize("code", [429, 503])
def test_an_overloaded_server_is_not_asked_again_and_not_thought_dead(
    code: int,
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    heard: Heard,
) -> None:
    engine = engine_on(server.url)
    engine.embed(cat_pixels)
    server.misbehaves = status(code)
    asked = server.counts()["infer"]
    for _ in range(8):
        with pytest.raises(TierBusy):
            engine.embed(cat_pixels)
    assert server.counts()["infer"] == asked + 8
    server.misbehaves = None
    assert np.array_equal(engine.embed(cat_pixels), expected)
    assert heard.usable == 1


def test_what_is_our_mistake_is_not_tried_again(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    engine = engine_on(server.url)
    engine.embed(cat_pixels)
    server.misbehaves = status(400)
    asked = server.counts()["infer"]
    with pytest.raises(TierRefuses):
        engine.embed(cat_pixels)
    assert server.counts()["infer"] == asked + 1


def test_with_all_dead_it_is_told_at_once_and_with_one_back_it_goes_on(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    expected: npt.NDArray[np.float32],
    heard: Heard,
) -> None:
    engine = engine_on(server.url, NOBODY)
    engine.embed(cat_pixels)
    server.misbehaves = lambda _asked, _reply: None
    while heard.usable:
        with pytest.raises(TierUnreachable):
            engine.embed(cat_pixels)
    asked = len(server.asked)
    with pytest.raises(TierUnreachable, match="a moment ago"):
        engine.embed(cat_pixels)
    assert len(server.asked) == asked

    server.misbehaves = None
    deadline = time.monotonic() + 30
    answer = None
    while answer is None and time.monotonic() < deadline:
        with contextlib.suppress(TierUnreachable):
            answer = engine.embed(cat_pixels)
    assert answer is not None
    assert np.array_equal(answer, expected)


def test_all_attempts_end_with_the_budget(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
) -> None:
    engine = engine_on(server.url, read_seconds=0.4, budget_seconds=0.6)
    server.model.engine.embed(cat_pixels)
    engine.wait_until_verified()
    server.misbehaves = late(30)
    with pytest.raises(TierUnreachable):
        engine.embed(cat_pixels)
    assert server.counts()["infer"] <= 4  # two of the verification, and less than three


def test_an_outage_is_not_multiplied(
    server: InferenceServer,
    engine_on: Callable[..., RemoteEngine],
    cat_pixels: npt.NDArray[np.uint8],
    heard: Heard,
) -> None:
    engine = engine_on(server.url)
    engine.embed(cat_pixels)
    half = iter(range(10_000))
    server.misbehaves = lambda asked, reply: (
        Reply(500, b"") if asked.path.endswith("/infer") and next(half) % 4 else reply
    )
    for _ in range(30):
        with contextlib.suppress(TierError):
            engine.embed(cat_pixels)
    assert heard.outcomes.total() <= 31 + 10 + 4  # a call each, ten at once, a tenth
