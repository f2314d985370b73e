"""The folder of a server that was killed is removed by the next; of one that lives by nobody."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.paths import ROOT

MASTER = """
import os, sys
from server.observability.shared_folder import make_shared_folder
folder = make_shared_folder(sys.argv[1])
open(os.path.join(folder, "counter_1.db"), "w").close()
if sys.argv[2] == "with a worker" and os.fork() == 0:
    print(folder, os.getpid(), flush=True)
elif sys.argv[2] != "with a worker":
    print(folder, flush=True)
sys.stdin.read()
"""


class Master:
    """A process that made itself a folder, and waits until it is told to end."""

    def __init__(self, parent: Path, kind: str = "alone") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MASTER, str(parent), kind],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        told = self.process.stdout.readline().split()
        self.folder = Path(told[0].decode())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End the master and its worker in order: there is nothing more to read for them."""
        self.process.communicate(timeout=60)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Master]]:
    """Start masters in a folder of the test's own."""
    masters: list[Master] = []

    def start_one(kind: str = "alone") -> Master:
        masters.append(Master(tmp_path, kind))
        return masters[-1]

    yield start_one
    for master in masters:
        if master.process.stdin and not master.process.stdin.closed:
            master.end()


def test_of_a_master_that_was_killed_the_next_one_removes_it(start: Callable[..., Master]) -> None:
    killed = start()
    killed.kill()
    assert killed.folder.is_dir()

    start()

    assert not killed.folder.exists()


def test_of_a_master_that_lives_nobody_does(start: Callable[..., Master]) -> None:
    first, second = start(), start()

    assert first.folder.is_dir()
    assert second.folder.is_dir()
    assert first.folder != second.folder


def test_while_a_worker_of_a_killed_master_lives_it_stays(start: Callable[..., Master]) -> None:
    killed = start("with a worker")
    killed.kill()

    start()
    assert killed.folder.is_dir()

    killed.end()
    start()
    assert not killed.folder.exists()


def test_a_master_that_ends_in_order_removes_its_own(start: Callable[..., Master]) -> None:
    master = start()

    master.end()

    assert not master.folder.exists()


def test_what_somebody_else_put_there_stays(start: Callable[..., Master], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "telltale-metrics-held-link").symlink_to(elsewhere)
    (tmp_path / "telltale-metrics-unlocked").mkdir()

    start()

    assert elsewhere.is_dir()
    assert (tmp_path / "telltale-metrics-unlocked").is_dir()
