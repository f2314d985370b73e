import pytest

from benchmarks.alternation import Ratio, Side, alternate
from harness.load.requests import Run, percentile, run_of


def a_run(answered: int = 10, *, p50_ms: float = 8.0, p99_ms: float = 20.0) -> Run:
    return Run(seconds=2.0, answered=answered, p50_ms=p50_ms, p99_ms=p99_ms)


def test_sides_take_turns_and_each_keeps_its_runs_in_order() -> None:
    turns: list[str] = []

    def side(name: str) -> Side:
        def take_turn() -> Run:
            turns.append(name)
            return a_run(len(turns))

        return Side(name, take_turn)

    runs = alternate([side("ours"), side("theirs")], rounds=3)

    assert turns == ["ours", "theirs"] * 3
    assert [run.answered for run in runs["ours"]] == [1, 3, 5]
    assert [run.answered for run in runs["theirs"]] == [2, 4, 6]


def test_a_ratio_is_the_median_of_pairs_with_the_smallest_and_the_largest() -> None:
    # Medians of the sides would say 20 / 20; the pairs say otherwise.
    ratio = Ratio.of_pairs([10, 20, 60], [20, 10, 20])
    assert ratio == Ratio(median=2.0, smallest=0.5, largest=3.0)


def test_a_pair_in_which_the_peer_answered_nothing_is_left_out() -> None:
    assert Ratio.of_pairs([10, 20], [0, 10]) == Ratio(2.0, 2.0, 2.0)


def test_without_a_pair_there_is_no_ratio() -> None:
    with pytest.raises(ValueError, match="no pair"):
        Ratio.of_pairs([10], [0])


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 0.99) == 0


def test_a_run_counts_right_answers_and_keeps_the_errors() -> None:
    run = run_of(
        {"seconds": 2, "latenciesMs": [9, 1, 5, 3], "errors": {"wrong answer": 2}, "cpuShare": 0.1}
    )
    assert (run.answered, run.per_second, run.p50_ms, run.p99_ms) == (4, 2.0, 3, 9)
    assert run.errors == {"wrong answer": 2}
