"""Checksums of files."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Beside a thread that imports, each piece waits twice for the interpreter lock, which that gives up
# every 5 ms: in pieces of 256 KB, as hashlib reads, 32 MB would take longer than all the imports.
# Much larger ones have the kernel clear pages for longer than they are read.
PIECE_BYTES = 2**20


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of the file at ``path`` as 64 hexadecimal digits.

    A file that has not been written to since is not read again, nor by a process that was forked.
    """
    status = path.stat()
    return _sha256(path, (status.st_ino, status.st_size, status.st_mtime_ns))


@lru_cache(maxsize=32)
def _sha256(path: Path, _as_it_is: tuple[int, int, int]) -> str:
    digest, piece = hashlib.sha256(), memoryview(bytearray(PIECE_BYTES))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(piece):
            digest.update(piece[:count])
    return digest.hexdigest()
