from pathlib import Path

import pytest

from scripts import node
from scripts.paths import ROOT


@pytest.mark.parametrize(
    ("version", "is_accepted"), [("v18.20.4", False), ("v20.0.0", True), ("v24.19.0", True)]
)
def test_a_system_node_counts_from_the_version_package_json_names(
    version: str, is_accepted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("node", "npm"):
        (tmp_path / program).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert node.is_on_system(apart_from=ROOT) is is_accepted
    assert not node.is_on_system(apart_from=tmp_path)


def test_without_a_system_node_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not node.is_on_system(apart_from=ROOT)
