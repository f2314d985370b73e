import hashlib
import os
from pathlib import Path

import pytest

from server.classifier.checksum import PIECE_BYTES, sha256_of_file


@pytest.mark.parametrize("count", [0, 1, PIECE_BYTES, PIECE_BYTES + 1])
def test_it_is_that_of_all_pieces(tmp_path: Path, count: int) -> None:
    content = os.urandom(count)
    path = tmp_path / "some.bin"
    path.write_bytes(content)

    assert sha256_of_file(path) == hashlib.sha256(content).hexdigest()


def test_a_file_that_was_written_to_since_has_another(tmp_path: Path) -> None:
    path = tmp_path / "some.bin"
    path.write_bytes(b"before")
    before = sha256_of_file(path)
    path.write_bytes(b"afterwards")

    assert sha256_of_file(path) != before
