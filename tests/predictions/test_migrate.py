"""`manage.py migrate`, done by several servers that start together."""

import os
import subprocess
import sys

from harness.databases import temporary_database
from scripts.paths import ROOT


def test_two_at_once_bring_an_empty_database_to_the_schema(postgres_url: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    with temporary_database(postgres_url, f"telltale_migrate_{os.getpid()}") as database_url:
        environment = {**os.environ, "DATABASE_URL": database_url}
        migrations = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        complaints = [migration.communicate(timeout=120)[1] for migration in migrations]
    assert [migration.returncode for migration in migrations] == [0, 0], complaints
