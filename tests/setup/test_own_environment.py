from pathlib import Path

import pytest

from scripts import commands
from scripts.own_environment import own_environment


def test_an_environment_is_made_once_and_filled_again_when_its_pins_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "LOGS", tmp_path / "logs")
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("# nothing yet\n")
    second.write_text("-r first.txt\n")

    def steps() -> list[str]:
        python = own_environment("a try", tmp_path / "there", first, second)
        assert python.is_file()
        return [line.partition(" ...")[0].strip() for line in capsys.readouterr().out.splitlines()]

    packages = ["Packages of a try", "Packages of a try, second"]
    assert steps() == ["Environment of a try", *packages]
    assert steps() == []
    second.write_text("-r first.txt\n# another\n")
    assert steps() == packages[1:]
    first.write_text("# another\n")
    assert steps() == packages
