"""`.venv/bin/python -m scripts.check`: linters, types and drift, one line each, then the tests."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.commands import run_side_by_side
from scripts.environment import search_path
from scripts.find_chromium import CHOSEN_BY, find_chromium
from scripts.locks import one_at_a_time
from scripts.paths import DATABASE, ENVIRONMENT, NODE_MODULES, ROOT

MANAGE = (sys.executable, "manage.py")
CHROMIUM = "Chromium"
BIOME = NODE_MODULES / ".bin" / "biome"
CORES = os.cpu_count() or 1
# One more than cores, for some tests wait. More take longer: each has servers and a Chromium of its
# own, and what they do takes more of a core when they get in each other's way.
TEST_PROCESSES = min(CORES + 1, 6)
# A file's tests stay together: they share what is slow to make. Their order is tests/conftest.py's.
SIDE_BY_SIDE = (
    *("-n", str(TEST_PROCESSES)),
    *("--dist", "loadfile", "--no-loadscope-reorder"),
)
LINTERS: dict[str, Sequence[str | Path]] = {
    "Types": (sys.executable, "-m", "mypy"),  # the longest, so the first
    "Python formatting": (sys.executable, "-m", "ruff", "format", "--check", "."),
    "Python linter": (sys.executable, "-m", "ruff", "check", "."),
    "Import contracts": (
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ),
    "Client linter": (BIOME, "check", "--no-errors-on-unmatched", "."),
    "Django system check": (*MANAGE, "check", "--fail-level", "WARNING"),
    "Migrations are complete": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "schema.graphql is current": (*MANAGE, "write_schema", "--check"),
    "No client is broken": ("node", "contract/compare.mjs", "--check"),
    "Lists of index.html are current": ("node", "scripts/list_first_view.mjs", "--check"),
}


def main() -> int:
    """Check everything; 0 if all is well, else 1. The last line says which."""
    parser = argparse.ArgumentParser(description="Check this checkout of Telltale.")
    parser.add_argument("--linters", action="store_true", help="without the tests")
    parser.add_argument("pytest_arguments", nargs="*", help="such as tests/api or -k quota")
    arguments, further = parser.parse_known_args()
    os.environ["PATH"] = search_path(ENVIRONMENT)
    started = time.monotonic()
    waiting = "Another `make test` or `make check` is running in this folder; waiting for its end."
    try:
        with one_at_a_time("check", waiting=waiting):
            failed = _run(
                with_tests=not arguments.linters,
                pytest_arguments=[*arguments.pytest_arguments, *further],
            )
    except KeyboardInterrupt:
        print("\nStopped before the end: nothing is proven.")
        return 130
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    if failed:
        print(f"\nNot ready to commit, failed: {', '.join(failed)} (logs: build/logs).")
        return 1
    print(f"\nAll checks passed in {minutes} min {seconds} s: ready to commit.")
    return 0


def _run(*, with_tests: bool, pytest_arguments: Sequence[str]) -> list[str]:
    """Run every check even if one fails, and return the names of those that failed."""
    if not os.environ.get("DATABASE_URL"):
        # Held until the end, so that it is not started and stopped for each check.
        from server.embedded_postgres.cluster import cluster_at

        cluster_at(DATABASE).join()
    checks = LINTERS | (_before_the_tests() if with_tests else {})
    failed = [failure.name for failure in run_side_by_side(checks, at_once=CORES)]
    if not with_tests or CHROMIUM in failed:
        return failed
    os.environ[CHOSEN_BY] = str(find_chromium())
    print("  Python tests:", flush=True)
    tests = [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, *pytest_arguments]
    if subprocess.run(tests, cwd=ROOT, check=False).returncode != 0:
        failed.append("Python tests")
    return failed


def _before_the_tests() -> dict[str, Sequence[str | Path]]:
    client_tests = sorted((ROOT / "tests" / "client").rglob("*.test.*js"))
    return {
        # Found or installed; the tests read its path from the environment.
        CHROMIUM: (sys.executable, "-m", "scripts.find_chromium"),
        "Client tests": ("node", "--test", *client_tests),
    }


if __name__ == "__main__":
    sys.exit(main())
