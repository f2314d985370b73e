from typing import Any

from benchmarks.compare import moved


def a_run(**figures: float) -> dict[str, Any]:
    return {
        "rows": [
            {"what": "history, newest", "opponent": "A peer", "figures": figures},
            {"what": "memory", "opponent": "", "figures": {"MiB": 300.0}},
        ]
    }


def test_what_moved_is_shown_with_its_change() -> None:
    shown = moved(a_run(ratio=1.0, **{"req/s": 400.0}), a_run(ratio=1.5, **{"req/s": 300.0}))
    assert "| history, newest against A peer | ratio | 1 | 1.5 | +50% |" in shown
    assert "| history, newest against A peer | req/s | 400 | 300 | -25% |" in shown
    assert "memory" not in shown
    assert shown.endswith("1 figures moved by at most 10%.")


def test_noise_is_no_move() -> None:
    assert moved(a_run(ratio=1.0), a_run(ratio=1.09)) == "2 figures moved by at most 10%."


def test_a_line_that_was_not_there_before_is_not_compared() -> None:
    before = a_run(ratio=1.0)
    before["rows"].pop(0)
    assert moved(before, a_run(ratio=9.0)) == "1 figures moved by at most 10%."
