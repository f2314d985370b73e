"""Real servers in folders of their own; each process of a test is a real process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

from scripts.paths import ROOT
from server.embedded_postgres.cluster import SUPERUSER, Cluster
from server.embedded_postgres.errors import DirectoryUnusable

JOIN = """
import os, sys
from pathlib import Path
from server.embedded_postgres.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.join()
cluster.create_database("telltale")
print(cluster.url("telltale"), flush=True)
"""
JOIN_AND_STAY = JOIN + "sys.stdin.read()\n"
JOIN_AND_FORK = JOIN + "if os.fork() == 0: sys.exit()\nos.wait()\n" + "sys.stdin.read()\n"


@pytest.fixture
def data_directory(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "postgres"
    yield directory
    # Whatever a test killed: join once more and leave as the last, which stops the server.
    if (directory / "PG_VERSION").exists():
        cluster = Cluster(directory)
        cluster.join()
        cluster.leave()
        assert not (directory / "postmaster.pid").exists()


def test_the_first_to_join_starts_it_and_the_last_to_leave_stops_it(data_directory: Path) -> None:
    with _process(JOIN_AND_STAY, data_directory) as (first, url):
        with _process(JOIN_AND_STAY, data_directory):
            assert _answers(url)
        assert _answers(url)
        _end(first)
    assert not _answers(url)


def test_two_that_start_it_at_once_both_succeed(data_directory: Path) -> None:
    processes = [_start(JOIN, data_directory) for _ in range(3)]
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], outputs
    assert len({stdout for stdout, _ in outputs}) == 1


def test_a_forked_worker_that_ends_does_not_stop_it(data_directory: Path) -> None:
    with _process(JOIN_AND_FORK, data_directory) as (_, url):
        time.sleep(0.5)
        assert _answers(url)


def test_data_survive_when_everything_is_killed(data_directory: Path) -> None:
    with _process(JOIN_AND_STAY, data_directory) as (client, url):
        _execute(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        client.kill()
        os.kill(_postmaster(data_directory), signal.SIGKILL)
    assert (data_directory / "postmaster.pid").exists()
    with _process(JOIN_AND_STAY, data_directory) as (_, url):
        assert _execute(url, "SELECT answer FROM kept") == [(42,)]


def test_a_pid_file_whose_number_another_program_has_now_is_no_obstacle(
    data_directory: Path,
) -> None:
    with _process(JOIN, data_directory) as (process, _):
        process.wait(timeout=30)
    owner = data_directory.stat().st_uid
    with subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None) as stranger:
        pid_file = data_directory / "postmaster.pid"
        pid_file.write_text(
            f"{stranger.pid}\n{data_directory}\n1700000000\n5432\n.\n\n1 2\nready\n"
        )
        os.chown(pid_file, owner, -1)
        with _process(JOIN_AND_STAY, data_directory) as (_, url):
            assert _answers(url)
        assert stranger.poll() is None
        stranger.kill()


def test_a_folder_too_deep_for_a_socket_address_works(tmp_path: Path) -> None:
    data_directory = tmp_path / ("a long name with spaces " * 4) / ("deep" * 20) / "postgres"
    with _process(JOIN_AND_STAY, data_directory) as (process, url):
        assert _answers(url)
        link = Cluster(data_directory).socket_directory
        assert link.readlink() == data_directory
        _end(process)
    assert not link.is_symlink()


def test_a_folder_with_something_else_in_it_is_left_alone(data_directory: Path) -> None:
    data_directory.mkdir()
    (data_directory / "thesis.txt").write_text("precious")
    with pytest.raises(DirectoryUnusable, match="something else"):
        Cluster(data_directory).join()
    assert [path.name for path in data_directory.iterdir()] == ["thesis.txt"]


def test_a_database_of_another_postgresql_is_left_alone(data_directory: Path) -> None:
    data_directory.mkdir()
    (data_directory / "PG_VERSION").write_text("16\n")
    with pytest.raises(DirectoryUnusable, match="PostgreSQL 16 made it"):
        Cluster(data_directory).join()
    (data_directory / "PG_VERSION").unlink()


def test_nobody_else_may_enter_the_folder_of_the_socket(data_directory: Path) -> None:
    with _process(JOIN_AND_STAY, data_directory):
        assert data_directory.stat().st_mode & 0o077 == 0


@contextmanager
def _process(program: str, data_directory: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A process that joined the server, and the server's address; ended on the way out."""
    with _start(program, data_directory) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "the process could not join"
        yield process, url
        _end(process)


def _start(program: str, data_directory: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program, data_directory],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
    )


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        return _execute(url, "SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def _execute(url: str, statement: str) -> list[tuple[object, ...]]:
    assert url.startswith(f"postgresql://{SUPERUSER}@/telltale?host=")
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def _postmaster(data_directory: Path) -> int:
    return int((data_directory / "postmaster.pid").read_text().split(maxsplit=1)[0])
