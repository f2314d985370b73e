"""Copies the client to where production serves it from, each file with compressed copies beside it.

WhiteNoise sends whichever copy a browser takes. They lie apart from `client/`, so that development,
which serves that folder as it stands, never finds a copy older than a file somebody has just saved.
"""

import shutil
from pathlib import Path

from scripts.paths import CLIENT, SERVED_CLIENT


def compress_client(client: Path, served: Path) -> int:
    """Put `client` and its compressed copies in the place of `served`; return how many copies."""
    from whitenoise.compress import Compressor

    unfinished = served.with_name(f"{served.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(client, unfinished)
    compressor = Compressor(quiet=True)
    copies = 0
    for path in sorted(unfinished.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            copies += len(list(compressor.compress(str(path))))
    shutil.rmtree(served, ignore_errors=True)
    unfinished.rename(served)
    return copies


if __name__ == "__main__":
    print(f"{compress_client(CLIENT, SERVED_CLIENT)} compressed copies")
