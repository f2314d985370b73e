from pathlib import Path

import pytest

from scripts import commands
from scripts.commands import CommandFailed, run_side_by_side
from scripts.steps import Step


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    monkeypatch.setattr(commands, "LOGS", folder)
    return folder


def test_a_step_is_done_again_only_when_what_it_depends_on_changes(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    step = _copying(source, tmp_path / "copy")
    assert not step.is_done()
    step.do()
    assert step.is_done()
    source.write_text("two")
    assert not step.is_done()
    step.do()
    assert (tmp_path / "copy").read_text() == "two"
    assert step.is_done()


def test_a_step_whose_outcome_was_removed_is_not_done(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    step = _copying(source, tmp_path / "copy")
    step.do()
    (tmp_path / "copy").unlink()
    assert not step.is_done()


def test_a_failed_step_is_not_done_and_shows_the_end_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    step = Step(
        "Doomed",
        lambda: [["sh", "-c", "seq 100; echo the reason >&2; exit 3"], ["touch", "never"]],
        stamp=tmp_path / "stamp",
    )
    with pytest.raises(CommandFailed) as failure:
        step.do()
    assert not step.is_done()
    assert failure.value.exit_code == 3
    tail = failure.value.log_tail().splitlines()
    assert tail[-1] == "    the reason"
    assert len(tail) == commands.LOG_TAIL_LINES
    assert "Doomed ... failed after 0 s" in capsys.readouterr().out


def test_a_program_that_is_missing_fails_the_step(tmp_path: Path) -> None:
    step = Step("Missing", lambda: [["no-such-program"]], stamp=tmp_path / "stamp")
    with pytest.raises(CommandFailed, match="Missing") as failure:
        step.do()
    assert "no-such-program" in failure.value.log_tail()


def test_a_quiet_step_prints_one_line_with_its_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Step("Loud", lambda: [["seq", "1000"]], stamp=tmp_path / "stamp").do()
    output = capsys.readouterr().out
    assert output.startswith("  Loud ... ")
    assert output.endswith(" s\n")
    assert output.count("\n") == 1


def test_what_runs_side_by_side_is_all_run_and_what_failed_is_told_with_its_log(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The first waits for what the second makes, so they do run at the same time."""
    made = tmp_path / "made"
    failures = run_side_by_side(
        {
            "Waiting": ["sh", "-c", f"until [ -e {made} ]; do sleep 0.01; done"],
            "Making": ["touch", made],
            "Doomed": ["sh", "-c", "echo the reason >&2; exit 3"],
            "After it": ["true"],
        },
        at_once=2,
    )
    assert [(failure.name, failure.exit_code) for failure in failures] == [("Doomed", 3)]
    output = capsys.readouterr().out
    assert "  Doomed ... failed after 0 s\n    $ sh -c" in output
    assert "    the reason" in output
    assert output.count(" ... ") == 4


def _copying(source: Path, copy: Path) -> Step:
    return Step(
        "Copy",
        lambda: [["cp", source, copy]],
        stamp=copy.with_name("stamp"),
        inputs=[source],
        makes=[copy],
    )
