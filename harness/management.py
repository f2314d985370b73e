"""Commands of `manage.py`, each in a process of its own with the environment of a site."""

import subprocess
import sys
from collections.abc import Mapping

from scripts.paths import BUILD, ROOT


def manage(environment: Mapping[str, str], *command: str) -> None:
    """Run a command of `manage.py` in silence."""
    subprocess.run(
        [sys.executable, "manage.py", *command, "--verbosity", "0"],
        cwd=ROOT,
        env=dict(environment),
        check=True,
    )


def migrate(environment: Mapping[str, str]) -> None:
    """Bring the database of `DATABASE_URL` to the schema of this checkout."""
    manage(environment, "migrate")


def prepare(environment: Mapping[str, str]) -> None:
    """Do what a deployment does before it starts: migrations and static files."""
    migrate(environment)
    collect_static_files(environment)


def collect_static_files(environment: Mapping[str, str]) -> None:
    """Collect and compress the static files of production, unless nothing has changed since."""
    if not _are_static_files_collected():
        manage(environment, "collectstatic", "--noinput")


def _are_static_files_collected() -> bool:
    """Whether nothing has changed since they were: compressing them takes 20 seconds."""
    collected = BUILD / "collected" / "staticfiles.json"
    if not collected.is_file():
        return False
    folders = [BUILD / "static", *(ROOT / "server").glob("*/static")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    # Those of packages change with their versions.
    sources = [ROOT / "constraints.txt", *files]
    return all(path.stat().st_mtime < collected.stat().st_mtime for path in sources)
