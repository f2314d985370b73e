import json
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.report import Row

CIRCUMSTANCES = {
    "quick": False,
    "commit": "0123456789ab",
    "versions": {"python": "3.11.7"},
    "peers": {"litserve": "0.2.19"},
    "machine": {"cores": 2, "cpu": "A Processor", "memory_gib": 16, "load_average": [0.1, 0, 0]},
}
ROW = Row(
    "history, newest",
    "800 req/s",
    "A|B",
    "400 req/s",
    ratio="2.00",
    spread="1.90 to 2.10",
    goal="≥ 1.0: met",
    figures={"req/s": 800.0, "ratio": 2.0},
)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "benchmarks").mkdir()
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "whole")
    monkeypatch.setattr(report, "QUICK_RESULTS", tmp_path / "quick")
    return tmp_path


def test_rows_come_back_from_the_file_as_they_were(folders: Path) -> None:
    path = report.save("history", {"cases": 7}, [ROW], CIRCUMSTANCES)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [Row(**row) for row in kept["rows"]] == [ROW]
    assert (kept["measured"], kept["commit"]) == ({"cases": 7}, "0123456789ab")


def test_a_quick_run_leaves_the_committed_numbers_alone(folders: Path) -> None:
    path = report.save("history", {}, [ROW], CIRCUMSTANCES | {"quick": True})
    assert path == folders / "quick" / "history.json"
    assert not (folders / "whole").exists()


def test_every_line_of_the_table_has_as_many_cells_as_its_head(folders: Path) -> None:
    report.save("history", {}, [ROW], CIRCUMSTANCES)
    report.save("memory", {}, [Row("memory", "371 MiB")], CIRCUMSTANCES)
    text = report.table(report.saved(["memory", "history", "scaling"], CIRCUMSTANCES))
    where, _, head, *lines = text.splitlines()
    assert {line.count("|") for line in lines} == {head.count("|")}
    assert [line.split(" | ")[0] for line in lines[1:]] == ["| memory", "| history, newest"]
    assert "| history, newest | 800 req/s | A/B: 400 req/s | 2.00 | 1.90 to 2.10 |" in text
    assert where.count("commit 0123456789ab, 2 cores of A Processor, 16 GiB") == 1
    assert where.endswith("python 3.11.7. Peers: litserve 0.2.19.")


def test_the_table_says_which_part_is_of_which_run(folders: Path) -> None:
    report.save("memory", {}, [], CIRCUMSTANCES)
    report.save("cold_start", {}, [], CIRCUMSTANCES)
    report.save("history", {}, [ROW], CIRCUMSTANCES | {"commit": "ba9876543210"})
    where = report.table(report.saved(["memory", "cold_start", "history"], CIRCUMSTANCES))
    together, alone = where.splitlines()[0].split("; ")[:2]
    assert together.startswith("memory, cold start: ")
    assert "commit 0123456789ab" in together
    assert alone.startswith("history: ")
    assert "commit ba9876543210" in alone


def test_the_table_takes_the_place_of_the_one_before_and_of_nothing_else(folders: Path) -> None:
    readme = folders / "benchmarks" / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.write_into_readme("new")
    text = readme.read_text(encoding="utf-8")
    assert text == f"before\n{report.BEGIN}\n\nnew\n\n{report.END}\nafter\n"
