from benchmarks.comparison import (
    Measured,
    comparison_row,
    latency_row,
    not_measured_row,
    tail_row,
)
from harness.load.requests import Run


def runs(*answered: int, errors: int = 0, p50_ms: float = 8.0, p99_ms: float = 20.0) -> list[Run]:
    faults = {"wrong answer": errors} if errors else {}
    return [Run(1.0, count, p50_ms, p99_ms, faults) for count in answered]


def test_a_win_and_a_loss_are_told_with_their_spread() -> None:
    ours, theirs = Measured("Telltale", runs(300, 320)), Measured("Peer", runs(200, 160))

    win = comparison_row("history, newest", ours, theirs, at_least=1.0)
    loss = comparison_row("history, newest", theirs, ours, at_least=1.0)

    assert (win.ratio, win.spread, win.goal) == ("1.75", "1.50 to 2.00", "≥ 1.0: met")
    assert (loss.ratio, loss.spread, loss.goal) == ("0.58", "0.50 to 0.67", "≥ 1.0: missed")
    assert win.figures["ratio"] == 1.75
    assert win.figures["req/s"] == 310


def test_errors_of_all_runs_stand_beside_the_speed() -> None:
    theirs = Measured("Peer", runs(200, 160, errors=3), memory_mib=123.4)
    row = comparison_row("predict", Measured("Telltale", runs(1, 1)), theirs, at_least=1.0)
    assert row.against == "Peer: 180 req/s, p50 8.0 ms, p99 20.0 ms, 123 MiB, 6 × wrong answer"


def test_a_peer_that_answers_nothing_right_is_no_win() -> None:
    row = comparison_row(
        "predict",
        Measured("Telltale", runs(300)),
        Measured("Peer", runs(0, errors=7)),
        at_least=1.0,
    )
    assert (row.ratio, row.goal) == ("", "no right answer from the peer")
    assert "7 × wrong answer" in row.against


def test_latencies_are_compared_by_their_medians() -> None:
    slow, fast = Measured("page 10,000", runs(1, p50_ms=3.0)), Measured("page 1", runs(1, p50_ms=2))
    row = latency_row("history", slow, fast, at_most=1.2)
    assert (row.ratio, row.goal) == ("1.50", "≤ 1.2: missed")


def test_the_tail_is_compared_with_the_middle_of_the_same_run() -> None:
    row = tail_row("predict", Measured("Telltale", runs(1, p50_ms=10, p99_ms=15)), at_most=2.0)
    assert (row.ratio, row.against, row.goal) == ("1.50", "itself", "≤ 2.0: met")


def test_a_peer_that_is_not_there_has_a_line_that_says_why() -> None:
    row = not_measured_row("predict", "Peer", "ERROR: no\n  matching distribution")
    assert row.against == "Peer: not measured: ERROR: no matching distribution"
