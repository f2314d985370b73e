"""What the gauges of the queue are told."""

import threading
from collections.abc import Iterator

import pytest

from server.classifier.admission import Admission
from server.classifier.errors import Busy


class Watch:
    def __init__(self) -> None:
        self.in_flight = self.waiting = self.most_waiting = 0
        self.somebody_waits = threading.Event()

    def waiting_changed(self, change: int) -> None:
        self.waiting += change
        self.somebody_waits.set()
        self.most_waiting = max(self.most_waiting, self.waiting)

    def in_flight_changed(self, change: int) -> None:
        self.in_flight += change


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def admission(watch: Watch) -> Iterator[Admission]:
    yield Admission(max_in_flight=1, max_waiting=1, max_wait_seconds=0.2, observer=watch)
    assert (watch.in_flight, watch.waiting) == (0, 0)


def test_who_is_let_in_is_in_flight_until_leaving(admission: Admission, watch: Watch) -> None:
    with admission.slot():
        assert (watch.in_flight, watch.waiting) == (1, 0)


def test_a_failure_inside_leaves_too(admission: Admission, watch: Watch) -> None:
    with pytest.raises(ZeroDivisionError), admission.slot():
        _ = 1 / 0
    assert watch.in_flight == 0


def test_who_waits_too_long_waits_no_more(admission: Admission, watch: Watch) -> None:
    with admission.slot(), pytest.raises(Busy), admission.slot():
        pass
    assert watch.most_waiting == 1


def test_who_is_turned_away_at_once_never_waited(admission: Admission, watch: Watch) -> None:
    def wait() -> None:
        with pytest.raises(Busy), admission.slot():
            pass

    with admission.slot():
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert watch.somebody_waits.wait(5)
        with pytest.raises(Busy), admission.slot():
            pass
        waiting.join(5)
    assert watch.most_waiting == 1
