"""What is remembered is bounded, by its number and by its weight."""

from server.api.remembered import Remembered


def test_what_was_kept_is_known_and_what_was_not_is_not() -> None:
    remembered: Remembered[str, int] = Remembered(10, 100)
    assert remembered.keep("a", 1, 50) == 1
    assert (remembered.get("a"), remembered.get("b")) == (1, None)


def test_it_begins_anew_where_there_are_as_many_as_there_may_be() -> None:
    remembered: Remembered[int, int] = Remembered(3, 100)
    for number in range(4):
        remembered.keep(number, number, 1)
    assert (remembered.get(0), remembered.get(3)) == (None, 3)
    assert (len(remembered), remembered.held_bytes) == (1, 1)


def test_it_begins_anew_where_they_weigh_as_much_as_they_may() -> None:
    remembered: Remembered[int, int] = Remembered(100, 100)
    for number in range(3):
        remembered.keep(number, number, 40)
    assert (len(remembered), remembered.held_bytes) == (1, 40)


def test_what_is_too_heavy_by_itself_is_not_kept() -> None:
    remembered: Remembered[int, int] = Remembered(100, 100)
    assert remembered.keep(1, 1, 101) == 1
    assert (len(remembered), remembered.held_bytes) == (0, 0)


def test_what_is_kept_again_weighs_once() -> None:
    remembered: Remembered[int, int] = Remembered(100, 100)
    for _ in range(3):
        remembered.keep(1, 1, 40)
    assert remembered.held_bytes <= 40
