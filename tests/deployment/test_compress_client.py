import gzip
from pathlib import Path

import brotli
import pytest

from scripts.compress_client import compress_client

SCRIPT = "export const answer = 42;\n" * 200
PICTURE = bytes(range(256)) * 8


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "client"
    (folder / "models").mkdir(parents=True)
    (folder / "models" / "answer.js").write_text(SCRIPT)
    (folder / "icon.png").write_bytes(PICTURE)
    return folder


def test_text_gets_a_copy_for_either_encoding(client: Path, tmp_path: Path) -> None:
    served = tmp_path / "served"
    assert compress_client(client, served) == 2
    script = served / "models" / "answer.js"
    assert script.read_text() == SCRIPT
    assert gzip.decompress(script.with_name("answer.js.gz").read_bytes()).decode() == SCRIPT
    assert brotli.decompress(script.with_name("answer.js.br").read_bytes()).decode() == SCRIPT


def test_pictures_stay_as_they_are(client: Path, tmp_path: Path) -> None:
    compress_client(client, tmp_path / "served")
    assert [path.name for path in (tmp_path / "served").glob("icon*")] == ["icon.png"]


def test_the_source_is_left_alone(client: Path, tmp_path: Path) -> None:
    before = sorted(client.rglob("*"))
    compress_client(client, tmp_path / "served")
    assert sorted(client.rglob("*")) == before


def test_nothing_of_an_earlier_build_remains(client: Path, tmp_path: Path) -> None:
    served = tmp_path / "served"
    compress_client(client, served)
    (client / "models" / "answer.js").unlink()
    compress_client(client, served)
    assert [path.name for path in served.rglob("*") if path.is_file()] == ["icon.png"]
