"""A tier that ends while it starts is started once more, and not again after that."""

from pathlib import Path

import pytest

from scripts import inference
from scripts.inference import TierFailed, running_tier

# In place of Python, which would start Ray: it ends at once so many times, and is then ready.
ENDING = """#!/bin/sh
echo started >> {starts}
[ "$(wc -l < {starts})" -gt {endings} ] || {{ echo "no agent has come"; exit 1; }}
echo "ready http://127.0.0.1:1 metrics http://127.0.0.1:2"
exec sleep 60
"""


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(inference, "LOG", tmp_path / "log")
    monkeypatch.setattr(inference, "PYTHON", tmp_path / "python")
    return tmp_path / "starts"


def end_first(starts: Path, endings: int) -> None:
    program = starts.with_name("python")
    program.write_text(ENDING.format(starts=starts, endings=endings))
    program.chmod(0o755)


@pytest.mark.parametrize("endings", [0, 1])
def test_one_that_ends_once_is_started_again(starts: Path, endings: int) -> None:
    end_first(starts, endings)
    with running_tier(1) as tier:
        assert tier.poll() is None
    assert tier.returncode is not None
    assert len(starts.read_text().splitlines()) == endings + 1


def test_one_that_ends_twice_is_given_up_with_what_it_said(starts: Path) -> None:
    end_first(starts, 2)
    with pytest.raises(TierFailed, match="no agent has come"), running_tier(1):
        pass
    assert len(starts.read_text().splitlines()) == 2
