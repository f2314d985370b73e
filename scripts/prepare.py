"""`python3.11 -m scripts.prepare [deploy]`: everything up to the point of serving or testing."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.commands import CommandFailed, run_quietly
from scripts.environment import development_steps, production_steps, search_path
from scripts.locks import one_at_a_time
from scripts.paths import ENVIRONMENT, ROOT
from scripts.steps import Step


def main() -> int:
    """Prepare the checkout; 0 if it is ready, else 1, after a sentence that says what is wrong."""
    parser = argparse.ArgumentParser(description="Set up this checkout of Telltale.")
    parser.add_argument("purpose", choices=["develop", "deploy"], nargs="?", default="develop")
    deploys = parser.parse_args().purpose == "deploy"
    os.environ["PATH"] = search_path(Path(sys.prefix) if deploys else ENVIRONMENT)
    waiting = "Another set-up is running in this folder; waiting until it is done."
    try:
        with one_at_a_time("setup", waiting=waiting):
            _do(production_steps() if deploys else development_steps())
            if deploys:
                _finish_deployment()
    except CommandFailed as failure:
        log = failure.log.relative_to(ROOT)
        print(f"\n{failure.log_tail()}\n\n{failure.name} failed (all of it: {log}).", end=" ")
        print("Mend what the last lines name and run the same command again; what is done is kept.")
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on; what is done is kept.")
        return 130
    return 0


def _do(steps: Sequence[Step]) -> None:
    """Do the steps that are not done. Each may depend on the ones before it."""
    done = 0
    for step in steps:
        if step.is_done():
            done += 1
            continue
        if done == 0 and step is steps[0]:
            print("Setting up; the first time takes a few minutes.", flush=True)
        step.do()
    if done == len(steps):
        print(f"Set-up: all {done} steps are up to date.", flush=True)


def _finish_deployment() -> None:
    manage = [sys.executable, str(ROOT / "manage.py")]
    production = {"DJANGO_SETTINGS_MODULE": "server.settings_production"}
    check = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    run_quietly("Settings", [check], environment=production)
    run_quietly("Static files", [[*manage, "collectstatic", "--noinput"]], environment=production)
    run_quietly("Compressed client", [[sys.executable, "-m", "scripts.compress_client"]])
    run_quietly("Migrations", [[*manage, "migrate", "--noinput"]], environment=production)
    print("Built: the server can start now (see Procfile).")


if __name__ == "__main__":
    sys.exit(main())
