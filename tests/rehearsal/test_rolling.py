"""Which version serves before this one, in a rehearsal."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.rolling import version_before

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Commands of git in a repository of its own."""

    def run(*arguments: str) -> str:
        of_nobody = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
        command = ["git", *of_nobody, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    run("init", "--quiet")
    return run


def commit(git: Git, folder: Path, path: str) -> str:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(path)
    git("add", ".")
    git("commit", "--quiet", "--message", path)
    return git("rev-parse", "HEAD")


def test_it_is_the_one_before_the_latest_migration(git: Git, tmp_path: Path) -> None:
    commit(git, tmp_path, "server/accounts/migrations/0001_first.py")
    before = commit(git, tmp_path, "server/accounts/models.py")
    commit(git, tmp_path, "server/teaching/migrations/0001_more.py")
    latest = commit(git, tmp_path, "README.md")
    assert version_before(latest, git) == before


def test_where_the_history_ends_earlier_it_is_this_one(git: Git, tmp_path: Path) -> None:
    only = commit(git, tmp_path, "server/accounts/migrations/0001_first.py")
    assert version_before(only, git) == only
