from pathlib import Path

import pytest

from scripts.install_assets import ASSETS, install_assets
from scripts.paths import NODE_MODULES


def test_the_assets_come_without_references_to_missing_source_maps(tmp_path: Path) -> None:
    written = install_assets(NODE_MODULES, tmp_path)
    assert {path.name for path in written} == set(ASSETS)
    for path in written:
        assert path.stat().st_size > 500
        assert "sourceMappingURL=graphiql" not in path.read_text()


def test_assets_that_are_right_are_not_written_again(tmp_path: Path) -> None:
    install_assets(NODE_MODULES, tmp_path)
    outdated = tmp_path / "graphiql.min.js"
    outdated.write_text("outdated")
    assert install_assets(NODE_MODULES, tmp_path) == [outdated]
    assert install_assets(NODE_MODULES, tmp_path) == []


def test_an_asset_that_its_package_no_longer_has_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "react").symlink_to(NODE_MODULES / "react")
    with pytest.raises(FileNotFoundError, match="graphiql"):
        install_assets(tmp_path, tmp_path / "assets")
