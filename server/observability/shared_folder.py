"""Where the workers of a server keep their shares of the figures, and how it is cleared up.

A server that is killed leaves its folder behind, in memory where that is a file system. So the
master holds a lock on it, which its workers inherit and the kernel gives back with the last of
them: a folder whose lock is free is nobody's, and the next server to start removes it.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "telltale-metrics-held-"  # others that begin alike were made without a lock


def make_shared_folder(parent: str | None) -> str:
    """Make a folder that is this server's until it ends, and remove those of servers that did.

    To be called by the master, before it forks. `parent` is a folder, else the system's temporary.
    """
    parent = parent or tempfile.gettempdir()
    _remove_abandoned(Path(parent))
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
    while not _hold(folder):  # another server that starts took it for an abandoned one
        folder = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
    master = os.getpid()

    @atexit.register
    def remove() -> None:
        if os.getpid() == master:  # a worker inherits what its master is to do in the end
            shutil.rmtree(folder, ignore_errors=True)

    return folder


def _hold(folder: str) -> bool:
    """Lock a folder for as long as this process and its children live; False where it is gone."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return Path(folder).exists()


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # gone meanwhile, or somebody else's
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:  # its server lives
            pass
        finally:
            os.close(descriptor)
