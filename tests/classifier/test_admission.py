import threading
import time
from collections.abc import Callable

import pytest

from server.classifier.admission import Admission
from server.classifier.errors import Busy


def admission(*, max_waiting: int = 1, max_wait_seconds: float = 5.0) -> Admission:
    return Admission(max_in_flight=1, max_waiting=max_waiting, max_wait_seconds=max_wait_seconds)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_no_more_than_max_in_flight_are_inside_at_once() -> None:
    bounded = Admission(max_in_flight=2, max_waiting=20, max_wait_seconds=5)
    lock = threading.Lock()
    inside = 0
    most = 0

    def visit() -> None:
        nonlocal inside, most
        with bounded.slot():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    visitors = [threading.Thread(target=visit) for _ in range(12)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(5)
    assert most == 2
    assert inside == 0


def test_beyond_the_queue_the_answer_is_busy_at_once() -> None:
    bounded = admission(max_waiting=1, max_wait_seconds=30)
    admitted = threading.Event()

    def visit() -> None:
        with bounded.slot():
            admitted.set()

    with bounded.slot():
        waiting = threading.Thread(target=visit)
        waiting.start()
        wait_until(lambda: len(bounded._queue) == 1)
        with pytest.raises(Busy) as raised, bounded.slot():
            pass
        assert not admitted.is_set()
    waiting.join(5)

    assert admitted.is_set()
    assert raised.value.waited_seconds < 0.5
    assert (raised.value.in_flight, raised.value.waiting) == (1, 1)


def test_who_waits_is_let_in_in_the_order_they_came_and_before_who_comes_later() -> None:
    bounded = admission(max_waiting=9)
    let_in: list[str] = []

    def visit(name: str) -> None:
        with bounded.slot():
            let_in.append(name)

    visitors = [threading.Thread(target=visit, args=(name,)) for name in ("first", "second")]
    with bounded.slot():
        for waiting, visitor in enumerate(visitors, start=1):
            visitor.start()
            wait_until(lambda waiting=waiting: len(bounded._queue) == waiting)  # type: ignore[misc]
    visit("who has just left")
    for visitor in visitors:
        visitor.join(5)
    assert let_in == ["first", "second", "who has just left"]


def test_a_turn_that_was_waited_for_too_long_is_given_to_the_next() -> None:
    bounded = admission(max_waiting=2, max_wait_seconds=0.05)
    let_in = threading.Event()

    def visit() -> None:
        with bounded.slot():
            let_in.set()

    with bounded.slot():
        with pytest.raises(Busy), bounded.slot():
            pass
        patient = threading.Thread(target=visit)
        bounded._max_wait_seconds = 5
        patient.start()
        wait_until(lambda: len(bounded._queue) == 1)
    patient.join(5)
    assert let_in.is_set()
    assert bounded._in_flight == 0


def test_waiting_too_long_is_busy() -> None:
    bounded = admission(max_wait_seconds=0.05)
    outcome: list[Busy] = []

    def visit() -> None:
        try:
            with bounded.slot():
                pass
        except Busy as busy:
            outcome.append(busy)

    with bounded.slot():
        visitor = threading.Thread(target=visit)
        visitor.start()
        visitor.join(5)
    assert [busy.waited_seconds >= 0.05 for busy in outcome] == [True]


def test_a_slot_is_given_back_when_the_work_fails() -> None:
    bounded = admission(max_waiting=0)
    with pytest.raises(ZeroDivisionError), bounded.slot():
        _ = 1 / 0
    with bounded.slot():
        assert bounded._in_flight == 1
    assert bounded._in_flight == 0


def test_without_a_queue_nobody_waits() -> None:
    bounded = admission(max_waiting=0)
    with bounded.slot(), pytest.raises(Busy), bounded.slot():
        pass
    assert bounded._in_flight == 0
