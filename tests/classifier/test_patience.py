"""When a server is left alone, who may try it, and how much is tried again."""

import threading

import pytest

from server.classifier.patience import (
    LONGEST_PAUSE_SECONDS,
    Breaker,
    Permit,
    RetryAllowance,
    pause_seconds,
)


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    """A breaker that one has tried and closed."""
    breaker = Breaker(failures_in_a_row=3, open_seconds=2, clock=clock)
    assert breaker.succeeded(admitted(breaker, tries=True))
    return breaker


def admitted(breaker: Breaker, *, tries: bool) -> Permit:
    permit = breaker.admit()
    assert permit == Permit(tries=tries)
    assert permit is not None
    return permit


def test_the_first_tries_alone_and_then_everybody_may_call(clock: Clock) -> None:
    breaker = Breaker(clock=clock)
    permit = admitted(breaker, tries=True)
    assert breaker.admit() is None
    assert breaker.succeeded(permit)
    admitted(breaker, tries=False)
    admitted(breaker, tries=False)


def test_only_failures_in_a_row_open(breaker: Breaker) -> None:
    permit = admitted(breaker, tries=False)
    for _ in range(5):
        assert not breaker.failed(permit)
        assert not breaker.failed(permit)
        assert not breaker.succeeded(permit)
    assert [breaker.failed(permit) for _ in range(3)] == [False, False, True]
    assert breaker.admit() is None


def test_an_open_one_admits_one_when_its_time_is_over(breaker: Breaker, clock: Clock) -> None:
    assert breaker.failed(admitted(breaker, tries=False), for_good=True)
    clock.seconds += 1.9
    assert breaker.admit() is None
    clock.seconds += 0.2
    permit = admitted(breaker, tries=True)
    clock.seconds += 100
    assert breaker.admit() is None  # however long the one takes

    assert not breaker.failed(permit)
    assert breaker.admit() is None
    clock.seconds += 2.1
    assert breaker.succeeded(admitted(breaker, tries=True))
    admitted(breaker, tries=False)


def test_a_call_that_began_before_it_opened_neither_closes_nor_opens_it_again(
    breaker: Breaker, clock: Clock
) -> None:
    early = admitted(breaker, tries=False)
    assert breaker.failed(early, for_good=True)
    assert not breaker.succeeded(early)
    assert breaker.admit() is None
    clock.seconds += 1.5
    assert not breaker.failed(early, for_good=True)
    clock.seconds += 0.6  # not two seconds from the last, but from the first
    admitted(breaker, tries=True)


def test_of_many_at_once_one_tries(clock: Clock) -> None:
    breaker = Breaker(clock=clock)
    permits: list[Permit | None] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        permits.append(breaker.admit())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, permits)) == ["None"] * 7 + ["Permit(tries=True)"]


def test_retries_are_a_share_of_the_calls_after_the_first_few() -> None:
    allowance = RetryAllowance(share=0.1, at_once=10)
    taken = 0
    for _ in range(1000):
        allowance.call_began()
        taken += allowance.take()
    assert 100 <= taken <= 110


def test_no_more_retries_are_saved_up_than_a_few() -> None:
    allowance = RetryAllowance(share=0.1, at_once=3)
    for _ in range(1000):
        allowance.call_began()
    assert [allowance.take() for _ in range(5)] == [True, True, True, False, False]


def test_pauses_differ_and_stay_short() -> None:
    pauses = [pause_seconds(attempt) for attempt in (1, 2, 3, 9) for _ in range(50)]
    assert len(set(pauses)) > 100
    assert min(pauses) > 0
    assert max(pauses) <= LONGEST_PAUSE_SECONDS
